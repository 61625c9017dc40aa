'use strict'
// Answers questions about npm versions and ranges: a JSON array of strings in, a JSON string out, one a line.
const semver = require('semver')

const options = flags => ({ loose: flags.includes('l'), includePrerelease: flags.includes('p') })
const ALL = ['', 'l', 'p', 'lp'].map(options)

const attempt = (ask, otherwise) => {
  try {
    return ask()
  } catch {
    return otherwise
  }
}

const incErrors = [
  ['identifier is empty', 'empty'],
  ['identifier already exists', 'exists'],
  ['invalid identifier', 'invalid identifier'],
  ['is not a prerelease', 'not a prerelease'],
]

const answers = {
  version: (flags, text) => {
    const v = attempt(() => new semver.SemVer(text, options(flags)))
    return v === undefined
      ? 'invalid'
      : [v.version, v.raw, v.major, v.minor, v.patch, v.prerelease.join('.'), v.build.join('.')].join('\n')
  },
  compare: (flags, a, b) => attempt(() => String(semver.compare(a, b, options(flags))), 'invalid'),
  compareBuild: (flags, a, b) => attempt(() => String(semver.compareBuild(a, b, options(flags))), 'invalid'),
  diff: (flags, a, b) => attempt(() => String(semver.diff(a, b)), 'invalid'),
  inc: (flags, text, kind, identifier, base) => {
    const v = attempt(() => new semver.SemVer(text, options(flags)))
    if (v === undefined) {
      return 'invalid'
    }
    const identifierBase = { '': undefined, false: false }
    try {
      v.inc(kind, identifier, base in identifierBase ? identifierBase[base] : base)
      return `${v.version}\n${v.raw}`
    } catch (error) {
      return incErrors.find(([part]) => error.message.includes(part))[1]
    }
  },
  truncate: (flags, text, kind) => String(semver.truncate(text, kind, options(flags))),
  range: (flags, text) => ALL.map(o => semver.validRange(text, o)).join('\n'),
  satisfies: (flags, version, range) => ALL.map(o => semver.satisfies(version, range, o)).join(' '),
  intersects: (flags, a, b) => attempt(() => String(semver.intersects(a, b, options(flags))), 'invalid'),
  subset: (flags, a, b) => attempt(() => String(semver.subset(a, b, options(flags))), 'invalid'),
  minVersion: (flags, range) => attempt(() => String(semver.minVersion(range, options(flags))), 'invalid'),
  maxSatisfying: (flags, range, ...versions) => String(semver.maxSatisfying(versions, range, options(flags))),
  minSatisfying: (flags, range, ...versions) => String(semver.minSatisfying(versions, range, options(flags))),
  simplify: (flags, range, ...versions) => {
    const o = options(flags)
    if (semver.validRange(range, o) === null || versions.some(v => semver.valid(v, o) === null)) {
      return 'invalid'
    }
    return String(semver.simplifyRange(versions, range, o))
  },
  outside: (flags, version, range, side) =>
    attempt(() => String(semver.outside(version, range, side, options(flags))), 'invalid'),
}

let rest = ''
let out = []
const flush = () => {
  process.stdout.write(out.join(''))
  out = []
}
process.stdin.setEncoding('utf8')
process.stdin.on('data', chunk => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop()
  for (const line of lines) {
    const [question, ...parts] = JSON.parse(line)
    out.push(JSON.stringify(attempt(() => answers[question](...parts), 'error')) + '\n')
  }
  flush()
})
