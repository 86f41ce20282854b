import type { KeyboardEvent } from "react";

/** ↑ and ↓ go from row to row of a list, and from the search above it into the list and back. */
export function walkRows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const target = event.target as HTMLElement;
  const inSearch = target.matches("[data-walk=search]");
  if (!step || !(inSearch || target.matches(".queue-row"))) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".queue-row")];
  const next = inSearch ? (step > 0 ? 0 : -1) : rows.indexOf(target) + step;
  event.preventDefault();
  if (next < 0) event.currentTarget.querySelector<HTMLElement>("[data-walk=search]")?.focus();
  else rows[next]?.focus();
}
