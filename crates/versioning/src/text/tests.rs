use super::*;

#[test]
fn every_length_is_kept_and_a_short_text_is_as_wide_as_promised() {
    assert_eq!((size_of::<NarrowText>(), size_of::<WideText>()), (16, 24));
    for length in 0..300 {
        let text = "é".repeat(length / 2) + &"1".repeat(length % 2);
        assert_eq!(NarrowText::new(&text).as_str(), text);
        assert_eq!(WideText::new(&text).clone().as_str(), text);
        assert_eq!(WideText::new(&text).as_bytes(), text.as_bytes());
    }
    assert_eq!((NarrowText::default().as_str(), WideText::default().as_str()), ("", ""));
}
