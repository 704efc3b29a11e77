//! A sibling of step 8: a gift voucher that anyone may carry and nobody can change.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{sign, verify},
};

/// Anyone who reads this file can make vouchers.
const KEY: &[u8] = b"the shop's key, in its source";

/// A voucher such as `teapot:25:SIGNATURE`.
fn issue(gift: &str, pounds: u32) -> String {
    let text = format!("{gift}:{pounds}");
    let key = EncodingKey::from_secret(KEY);
    let signature = sign(text.as_bytes(), &key, Algorithm::HS256).expect("any bytes can be signed");
    format!("{text}:{signature}")
}

/// What the voucher is worth, if the shop has signed it.
fn redeem(voucher: &str) -> Option<u32> {
    let (text, signature) = voucher.rsplit_once(':')?;
    let key = DecodingKey::from_secret(KEY);
    let ours = verify(signature, text.as_bytes(), &key, Algorithm::HS256).ok()?;
    let (_gift, pounds) = text.split_once(':')?;
    let pounds = pounds.parse::<u32>().ok()?;
    ours.then_some(pounds)
}

fn show(voucher: &str) {
    let says = match redeem(voucher) {
        Some(pounds) if pounds > 100 => "call the manager",
        Some(_) => "here is your gift",
        None => "this is not ours",
    };
    println!("{voucher}\n  {says}");
}

fn main() {
    let voucher = issue("teapot", 25);
    show(&voucher);
    show(&voucher);
    show(&voucher.replace("25", "95"));
    show("teapot:25");
    show(&issue("piano", 900));
}
