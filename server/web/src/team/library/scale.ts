// Pictures are made small on the worker's own machine: a phone on a poor line is to show them, and what a camera hides in a file
// (where it was taken, and when) never leaves this desk.

export const LONGEST = 1024;
export const MOST_BYTES = 1024 * 1024;

/** The size it is drawn at: the longest side at most `longest`, and never made larger. */
export function fitted(width: number, height: number, longest = LONGEST): [number, number] {
  const by = Math.min(1, longest / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * by)), Math.max(1, Math.round(height * by))];
}

/** A small JPEG of it. Fails when the browser cannot read the file as a picture. */
export async function scaled(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = fitted(bitmap.width, bitmap.height);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('this browser draws no pictures');
  // A JPEG knows no transparency: what was clear becomes white, not black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of [0.85, 0.7, 0.5]) {
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (made && made.size <= MOST_BYTES) return made;
  }
  throw new Error('the picture could not be made small enough');
}
