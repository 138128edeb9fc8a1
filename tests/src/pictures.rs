//! Pictures as phones and cameras make them.

use std::io::Cursor;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use image::{ImageFormat, RgbImage};

/// A photo, wider than high, that was taken with the phone upright. It says so, and where that was.
pub fn photo(place: &str) -> Vec<u8> {
    let mut file = file(&RgbImage::from_fn(64, 32, |x, y| image::Rgb([x as u8, y as u8, 90])), ImageFormat::Jpeg);
    // Exif comes first in the file: one entry, "turn it by a quarter", and then what the camera had to say.
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(place.as_bytes());
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xff, 0xe1], &length[..], &exif].concat();
    file.splice(2..2, segment);
    file
}

/// A drawing of one colour.
pub fn drawing(shade: u8) -> Vec<u8> {
    file(&RgbImage::from_pixel(40, 20, image::Rgb([shade, 200, 90])), ImageFormat::Png)
}

fn file(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// How wide and how high the picture in a file is.
pub fn size(file: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(file).unwrap();
    (picture.width(), picture.height())
}

/// As it travels inside JSON.
pub fn base64(file: &[u8]) -> String {
    BASE64.encode(file)
}
