//! Pictures: taken in as files, kept as pictures. Each is decoded, made small and drawn anew as a JPEG, so nothing else that
//! was in the file (where a photo was taken, a script, another file) is kept or sent on.

use std::io::Cursor;

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Phone, Worker},
    app::App,
    auth::hash,
    error::{Error, Path, Result},
    ids::{ImageId, OrganisationId},
};

/// The largest file we take, in bytes.
pub const LARGEST: usize = 1024 * 1024;
/// The longest side that is kept, in pixels: a phone's screen twice over.
const LONGEST_SIDE: u32 = 1024;
/// What a phone's camera makes today, and some more.
const MOST_POINTS: u64 = 24_000_000;
/// Of the picture in memory, before it is made small.
const MOST_BYTES: u64 = 100 * 1024 * 1024;
/// Drawn at once.
pub const TOGETHER: usize = 2;
const QUALITY: u8 = 78;

/// A picture as it is kept.
#[derive(Debug)]
pub struct Picture {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Draws the picture in a file anew. An error is a sentence for whoever sent it.
pub fn redraw(file: &[u8]) -> Result<Picture, &'static str> {
    const CANNOT: &str = "This file could not be read as a picture. A JPEG, PNG or WebP is needed.";
    const TOO_MANY: &str = "This picture has too many points to be kept. Please make it smaller first.";
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| CANNOT)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(CANNOT);
    }
    let mut decoder = reader.into_decoder().map_err(|_| CANNOT)?;
    // A small file can claim a picture that fills the memory: asked before any of it is drawn.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_POINTS || decoder.total_bytes() > MOST_BYTES {
        return Err(TOO_MANY);
    }
    let turned = decoder.orientation().map_err(|_| CANNOT)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| CANNOT)?;
    if image.width().max(image.height()) > LONGEST_SIDE {
        image = image.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle);
    }
    image.apply_orientation(turned);
    let flat = on_white(&image);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&flat).map_err(|_| CANNOT)?;
    Ok(Picture { width: flat.width(), height: flat.height(), jpeg })
}

/// The same, beside what else the server does, and few at a time: a hundred pictures at once must not take the memory that
/// a request for contact needs.
pub async fn redraw_aside(app: &App, file: Vec<u8>) -> Result<Result<Picture, &'static str>> {
    let _turn = app.drawing.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || redraw(&file)).await.map_err(Error::internal)
}

/// JPEG knows no transparency; black where there was none would hide drawings.
fn on_white(image: &DynamicImage) -> RgbImage {
    let rgba = image.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0.map(u16::from);
        let over = |c: u16| u8::try_from((c * a + 255 * (255 - a)) / 255).unwrap_or(u8::MAX);
        image::Rgb([over(r), over(g), over(b)])
    })
}

/// A picture of the library as an answer: it never changes under its id.
fn answer(jpeg: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
    ];
    (headers, jpeg).into_response()
}

/// A client's own picture as an answer: kept by nothing on the way, or it would outlast what they share.
pub fn private(jpeg: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], jpeg).into_response()
}

#[derive(Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Kept {
    id: ImageId,
    width: i32,
    height: i32,
    bytes: i64,
}

async fn kept(app: &App, organisation: OrganisationId, id: ImageId) -> Result<Option<(Kept, Vec<u8>)>> {
    let row: Option<(i32, i32, Vec<u8>, Vec<u8>)> = app
        .db
        .query("SELECT width, height, bytes, sent_hash FROM resource_image WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?;
    Ok(row.map(|(width, height, bytes, sent)| {
        (Kept { id, width, height, bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX) }, sent)
    }))
}

pub async fn is_known(app: &App, organisation: OrganisationId, id: ImageId) -> Result<bool> {
    let found: Option<(ImageId,)> = app
        .db
        .query("SELECT id FROM resource_image WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Whether a picture has this id that is neither this file nor what was made of it.
pub async fn is_another(app: &App, organisation: OrganisationId, id: ImageId, file: &[u8]) -> Result<bool> {
    let row: Option<(Vec<u8>, Vec<u8>)> = app
        .db
        .query("SELECT bytes, sent_hash FROM resource_image WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?;
    Ok(row.is_some_and(|(bytes, sent)| bytes != file && sent != hash(file)))
}

/// A picture for the library. The same file again under the same id answers the same.
#[utoipa::path(put, path = "/api/v1/team/resource-images/{id}", params(("id" = Uuid, Path)), request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = Kept), (status = 200, body = Kept), (status = 409, body = crate::error::Problem)))]
pub async fn put(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<ImageId>,
    file: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Kept>)> {
    let file = file.map_err(|_| Error::TooLarge)?;
    let sent = hash(&file);
    let status = add(&app, worker.organisation, id, Some(worker.id), &file).await?;
    let (kept, before) = kept(&app, worker.organisation, id).await?.ok_or(Error::NotFound)?;
    if before != sent {
        return Err(Error::Conflict("Another picture has this id."));
    }
    Ok((status, Json(kept)))
}

/// Keeps a picture, unless one has its id.
pub async fn add(
    app: &App,
    organisation: OrganisationId,
    id: ImageId,
    by: Option<crate::ids::WorkerId>,
    file: &[u8],
) -> Result<StatusCode> {
    if is_known(app, organisation, id).await? {
        return Ok(StatusCode::OK);
    }
    let picture = redraw_aside(app, file.to_vec()).await?.map_err(|message| Error::field("picture", message))?;
    let mut tx = app.db.begin().await?;
    tx.query(
        "INSERT INTO resource_image (organisation_id, id, bytes, sent_hash, width, height, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(organisation)
    .bind(id)
    .bind(picture.jpeg)
    .bind(hash(file))
    .bind(i32::try_from(picture.width).unwrap_or(0))
    .bind(i32::try_from(picture.height).unwrap_or(0))
    .bind(by)
    .bind(app.now())
    .execute()
    .await?;
    tx.commit().await?;
    Ok(StatusCode::CREATED)
}

async fn bytes(app: &App, organisation: OrganisationId, id: ImageId) -> Result<Response> {
    let row: Option<(Vec<u8>,)> = app
        .db
        .query("SELECT bytes FROM resource_image WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?;
    Ok(answer(row.ok_or(Error::NotFound)?.0))
}

/// A picture of the library, for a worker.
#[utoipa::path(get, path = "/api/v1/team/resource-images/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<u8>, content_type = "image/jpeg")))]
pub async fn show(State(app): State<App>, worker: Worker, Path(id): Path<ImageId>) -> Result<Response> {
    bytes(&app, worker.organisation, id).await
}

/// A picture of the library, for a phone.
#[utoipa::path(get, path = "/api/v1/me/resource-images/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<u8>, content_type = "image/jpeg")))]
pub async fn show_mine(State(app): State<App>, phone: Phone, Path(id): Path<ImageId>) -> Result<Response> {
    bytes(&app, phone.organisation, id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(width, height).write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_picture_is_drawn_anew_small_and_without_what_else_was_in_the_file() {
        let mut file = png(2000, 500);
        file.extend_from_slice(b"GPS 51.4816 N <script>alert(1)</script>");
        let picture = redraw(&file).unwrap();
        assert_eq!((picture.width, picture.height), (1024, 256));
        assert_eq!(picture.jpeg[..3], [0xff, 0xd8, 0xff]);
        assert!(!picture.jpeg.windows(3).any(|w| w == b"GPS"));
        // What was transparent is white.
        assert_eq!(image::load_from_memory(&picture.jpeg).unwrap().to_rgb8().get_pixel(5, 5).0, [255, 255, 255]);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bad in [b"<svg onload=alert(1)>".as_slice(), b"", b"\xff\xd8\xff\xe0 cut off", b"GIF89a", b"%PDF-1.7"] {
            assert!(redraw(bad).is_err());
        }
    }
}
