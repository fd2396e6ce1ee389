//! Numbers keep their value and their text.

use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn every_numeric_text_is_kept_as_it_came() {
    for text in ["0", "-0", "42", "-7", "007", "+1", "3.14", "3.14E+00", "1.0", "1e3", ".5"] {
        assert_eq!(number(text).to_string(), text);
    }
    let digits = "1234567890123456789012345678901234567890";
    assert_eq!(number(digits).to_string(), digits);
    assert_eq!(number("NaN").to_string(), "NaN");
}

#[test]
fn other_text_is_no_number() {
    for text in ["", "-", "abc", "1 ", " 1", "0x10", "1_000", "1,5", "1:5", "e5"] {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
    let error = "nine".parse::<Number>().unwrap_err();
    assert_eq!(error.to_string(), "\"nine\" is not a number");
}

#[test]
fn equal_values_are_equal() {
    for text in ["1", "1.0", "1.00E+00", "10e-1", "+1", "001"] {
        assert_eq!(number(text), Number::from(1));
    }
    assert_eq!(number("-0.0"), Number::from(0));
    assert_eq!(Number::from(0.1_f32), Number::from(0.1));
    assert_ne!(number("9007199254740993"), number("9007199254740992.0"));
    assert_ne!(number("-1.0"), Number::from(1));
    assert_eq!(number("1e99999999999999999999"), number("1e99999999999999999999"));
}

#[test]
fn whole_numbers_are_integers_however_they_are_written() {
    assert_eq!(number("130.0").as_i64(), Some(130));
    assert_eq!(number("1e3").as_u64(), Some(1000));
    assert_eq!(number("-0.0").as_i64(), Some(0));
    assert_eq!(number("1.5").as_i64(), None);
    assert_eq!(number("-1").as_u64(), None);
    assert_eq!(number("1e40").as_i128(), None);
    assert_eq!(number(&u128::MAX.to_string()).as_u128(), Some(u128::MAX));
    assert_eq!(Number::from(i128::MIN).as_i128(), Some(i128::MIN));
    assert!(number("007").is_integer() && !number("1e3").is_integer());
}

#[test]
fn floats_are_the_nearest() {
    assert_eq!(number("9007199254740993").as_f64(), Some(9_007_199_254_740_992.0));
    assert_eq!(number("2.75E+00").as_f64(), Some(2.75));
    assert_eq!((number("1e999").as_f64(), number("1e39").as_f32()), (None, None));
    assert_eq!(number("-inf").as_f64(), Some(f64::NEG_INFINITY));
    assert!(number("nan").as_f64().unwrap().is_nan());
}

proptest! {
    #[test]
    fn i128_comes_back(value: i128) {
        prop_assert_eq!(number(&Number::from(value).to_string()).as_i128(), Some(value));
    }

    #[test]
    fn u128_comes_back(value: u128) {
        prop_assert_eq!(number(&Number::from(value).to_string()).as_u128(), Some(value));
    }

    #[test]
    fn i64_comes_back(value: i64) {
        prop_assert_eq!(number(&Number::from(value).to_string()).as_i64(), Some(value));
    }

    #[test]
    fn u64_comes_back(value: u64) {
        prop_assert_eq!(number(&Number::from(value).to_string()).as_u64(), Some(value));
    }

    #[test]
    fn f64_comes_back_to_the_bit(value in prop::num::f64::ANY.prop_filter("finite", |f| f.is_finite())) {
        let back = number(&Number::from(value).to_string());
        prop_assert_eq!(back.as_f64().map(f64::to_bits), Some(value.to_bits()));
        prop_assert!(!back.is_integer());
        prop_assert_eq!(back, Number::from(value));
    }

    #[test]
    fn f32_comes_back_to_the_bit(value in prop::num::f32::ANY.prop_filter("finite", |f| f.is_finite())) {
        let back = number(&Number::from(value).to_string());
        prop_assert_eq!(back.as_f32().map(f32::to_bits), Some(value.to_bits()));
    }

    #[test]
    fn every_numeric_text_comes_back(text in "[-+]?[0-9]{1,50}(\\.[0-9]{0,9})?([eE][-+]?[0-9]{1,3})?") {
        let read = number(&text);
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn the_power_of_ten_does_not_matter(digits: i64, zeros in 0_usize..40) {
        let long = number(&format!("{digits}{}", "0".repeat(zeros)));
        prop_assert_eq!(number(&format!("{digits}e{zeros}")), long.clone());
        prop_assert_eq!(number(&format!("{digits}.0E+{zeros:03}")), long);
    }
}
