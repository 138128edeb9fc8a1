// A photo made small enough for a poor line, as a picture and nothing else: drawing it anew leaves out where and when it was taken.

const LONGEST_SIDE = 1280;
const MOST_BYTES = 300 * 1024;

/** A JPEG. Throws when this phone cannot open the picture. */
export async function shrink(file: Blob): Promise<{ type: string; bytes: ArrayBuffer }> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  for (let side = LONGEST_SIDE, quality = 0.8; ; side *= 0.8, quality = Math.max(0.5, quality - 0.1)) {
    const blob = await drawn(picture, side, quality);
    if (blob.size > MOST_BYTES && side > 200) continue;
    picture.close();
    return { type: blob.type, bytes: await blob.arrayBuffer() };
  }
}

function drawn(picture: ImageBitmap, side: number, quality: number): Promise<Blob> {
  const part = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * part));
  canvas.height = Math.max(1, Math.round(picture.height * part));
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('This phone does not draw pictures.');
  // What is see-through becomes paper, not black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('The picture could not be made.'))), 'image/jpeg', quality));
}
