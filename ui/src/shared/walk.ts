import type { KeyboardEvent } from "react";

const ROW = ".queue-row, [data-walk=row]";

const stepOf = ({ key }: KeyboardEvent) => (key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0);

/** ↑ and ↓ go from row to row of a list, and from the search above it into the list and back. */
export function walkRows(event: KeyboardEvent<HTMLElement>): void {
  const step = stepOf(event);
  const target = event.target as HTMLElement;
  const inSearch = target.matches("[data-walk=search]");
  if (!step || !(inSearch || target.matches(ROW))) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROW)];
  const next = inSearch ? (step > 0 ? 0 : -1) : rows.indexOf(target) + step;
  event.preventDefault();
  if (next < 0) event.currentTarget.querySelector<HTMLElement>("[data-walk=search]")?.focus();
  else rows[next]?.focus();
}

/** ↑ and ↓ go from box to box of a list that is ticked. */
export function walkBoxes(event: KeyboardEvent<HTMLElement>): void {
  const step = stepOf(event);
  const box = event.target as HTMLElement;
  if (!step || !box.matches("input[type=checkbox]")) return;
  event.preventDefault();
  const boxes = [...event.currentTarget.querySelectorAll<HTMLElement>("input[type=checkbox]")];
  const next = boxes[boxes.indexOf(box) + step];
  next?.focus();
  next?.scrollIntoView?.({ block: "nearest" });
}
