import { expect, test } from "vitest";
import { pdfOf, pictureOf } from "./pdf";
import { jpeg } from "./sample";

const latin = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

test("size and colours are read from the frame header", () => {
  expect(pictureOf(jpeg(2480, 3508, 1))).toEqual({ width: 2480, height: 3508, components: 1 });
  expect(() => pictureOf(new Uint8Array([0xff, 0xd8, 0xff, 0xd9]))).toThrow("no frame header");
});

test("each object is where the table says, and each picture is in it byte for byte", () => {
  const pages = [jpeg(300, 400, 3), jpeg(400, 300, 1)];
  const bytes = pdfOf(pages);
  const text = latin(bytes);
  const start = Number(/startxref\n(\d+)/.exec(text)![1]);
  expect(text.slice(start, start + 4)).toBe("xref");
  const rows = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((row) => Number(row[1]));
  expect(rows).toHaveLength(8);
  rows.forEach((offset, at) => expect(text.slice(offset).startsWith(`${at + 1} 0 obj\n`)).toBe(true));
  for (const page of pages) expect(text).toContain(latin(page));
});

test("a sheet lies as its picture does, and the picture keeps its shape", () => {
  const text = latin(pdfOf([jpeg(300, 400, 3), jpeg(400, 300, 1)]));
  expect([...text.matchAll(/\/MediaBox \[([^\]]*)\]/g)].map((box) => box[1])).toEqual([
    "0 0 595.28 841.89",
    "0 0 841.89 595.28",
  ]);
  expect(text).toContain("/Width 400 /Height 300 /ColorSpace /DeviceGray");
  expect(text).toContain("q 595.28 0 0 793.71 0.00 24.09 cm");
});
