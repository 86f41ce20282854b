/** Several scanned pages as one PDF: each JPEG goes in as it is, on a sheet of A4. */

interface Picture {
  width: number;
  height: number;
  components: number;
}

const A4 = { short: 595.28, long: 841.89 };
const COLOURS: Record<number, string> = { 1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK" };

/** Size and colours of a JPEG, from its frame header (ITU T.81, B.2.2). */
export function pictureOf(jpeg: Uint8Array): Picture {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let at = 2;
  while (at + 9 < jpeg.length && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    // A marker may be filled up with more of 0xff.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
      };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw new TypeError("no frame header in the JPEG");
}

/** As large as the sheet allows, in its middle; the sheet lies as the picture does. */
function placed({ width, height }: Picture) {
  const lies = width > height;
  const sheet = { width: lies ? A4.long : A4.short, height: lies ? A4.short : A4.long };
  const scale = Math.min(sheet.width / width, sheet.height / height);
  const size = { width: width * scale, height: height * scale };
  return { sheet, size, x: (sheet.width - size.width) / 2, y: (sheet.height - size.height) / 2 };
}

const short = (number: number) => number.toFixed(2);

export function pdfOf(pages: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let length = 0;
  const put = (part: string | Uint8Array) => {
    const bytes = typeof part === "string" ? text.encode(part) : part;
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (id: number, dictionary: string, stream?: string | Uint8Array) => {
    offsets[id] = length;
    put(`${id} 0 obj\n${dictionary}\n`);
    if (stream !== undefined) {
      put("stream\n");
      put(stream);
      put("\nendstream\n");
    }
    put("endobj\n");
  };
  // 1 the catalogue, 2 the list of pages, then three for each page.
  const idOf = (page: number) => 3 + page * 3;

  put("%PDF-1.4\n");
  put(new Uint8Array([0x25, 0xe2, 0xe3, 0xcf, 0xd3, 0x0a]));
  object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  const kids = pages.map((_, page) => `${idOf(page)} 0 R`).join(" ");
  object(2, `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`);
  pages.forEach((jpeg, page) => {
    const picture = pictureOf(jpeg);
    const { sheet, size, x, y } = placed(picture);
    const id = idOf(page);
    const drawing = `q ${short(size.width)} 0 0 ${short(size.height)} ${short(x)} ${short(y)} cm /P Do Q`;
    object(
      id,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${short(sheet.width)} ${short(sheet.height)}] ` +
        `/Resources << /XObject << /P ${id + 1} 0 R >> >> /Contents ${id + 2} 0 R >>`,
    );
    const colours = COLOURS[picture.components] ?? "/DeviceRGB";
    // What has four colours comes from Adobe's kind of JPEG, with all of them turned round.
    const turned = picture.components === 4 ? " /Decode [1 0 1 0 1 0 1 0]" : "";
    object(
      id + 1,
      `<< /Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} ` +
        `/ColorSpace ${colours} /BitsPerComponent 8 /Filter /DCTDecode${turned} /Length ${jpeg.length} >>`,
      jpeg,
    );
    object(id + 2, `<< /Length ${drawing.length} >>`, drawing);
  });

  const start = length;
  const count = idOf(pages.length);
  put(`xref\n0 ${count}\n0000000000 65535 f \n`);
  for (let id = 1; id < count; id += 1) put(`${String(offsets[id]).padStart(10, "0")} 00000 n \n`);
  put(`trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);

  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
