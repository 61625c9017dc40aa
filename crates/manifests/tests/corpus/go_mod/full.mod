module example.org/demo // x

go 1.22

require (
	example.org/core v1.2.3
	"example.org/x" v0.0.0-20200101000000-0123456789ab // indirect
)

require example.org/y/v2 v2.0.0+incompatible
replace example.org/core => ../core
