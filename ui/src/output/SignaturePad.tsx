import { Button } from "antd";
import { useEffect, useRef, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";

/** Places on the pad, from 0 to 1 of its width, stroke by stroke. */
export type Strokes = { x: number; y: number }[][];

const WIDTH = 960;
const HEIGHT = 300;

/** Finer than the pad, and short enough to be kept at every move of the pen. */
const rounded = (place: number) => Math.round(place * 10_000) / 10_000;

/** Where the collector signs with pen, finger or mouse. Without a pad they sign on the printed proof. */
export function SignaturePad({
  strokes,
  onChange,
}: {
  strokes: Strokes;
  onChange: (strokes: Strokes) => void;
}) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const stroke = useRef<Strokes[number] | null>(null);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, strokes);
  }, [strokes]);

  const placeOf = (event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    const scale = width || WIDTH;
    return { x: rounded((event.clientX - left) / scale), y: rounded((event.clientY - top) / scale) };
  };
  const begin = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture?.(event.pointerId);
    stroke.current = [placeOf(event)];
    onChange([...strokes, stroke.current]);
  };
  const go = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!stroke.current) return;
    stroke.current = [...stroke.current, placeOf(event)];
    onChange([...strokes.slice(0, -1), stroke.current]);
  };
  const end = () => {
    stroke.current = null;
  };
  return (
    <div className="signature">
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={t(strokes.length ? "signature.signed" : "signature.blank")}
        data-testid="signature"
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <p className="quiet">
        {t("signature.hint")}{" "}
        {strokes.length > 0 && (
          <Button size="small" onClick={() => onChange([])} data-testid="signature-clear">
            {t("signature.clear")}
          </Button>
        )}
      </p>
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, strokes: Strokes) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.strokeStyle = "#000";
  pen.lineWidth = 5;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const [first, ...rest] of strokes) {
    if (!first) continue;
    pen.beginPath();
    pen.moveTo(first.x * WIDTH, first.y * WIDTH);
    // A dot is a stroke that goes nowhere.
    for (const { x, y } of rest.length ? rest : [first]) pen.lineTo(x * WIDTH, y * WIDTH);
    pen.stroke();
  }
}

/** The strokes as a picture: dark lines on white. */
export async function pictureOf(strokes: Strokes): Promise<File> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  draw(canvas, strokes);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("the signature could not be made a picture");
  return new File([blob], "signature.png", { type: "image/png" });
}
