import { queryOptions } from "@tanstack/react-query";
import { listItems, readItem } from "../api/hall-calls";
import type { ItemRow } from "../api/types";
import { sounds, type Searchable } from "../shared/pinyin";

export const itemsQuery = queryOptions({
  queryKey: ["hall", "items"],
  queryFn: listItems,
  staleTime: 60_000,
});

export const itemQuery = (code: string) =>
  queryOptions({ queryKey: ["hall", "item", code], queryFn: () => readItem(code), staleTime: Infinity });

/** What an item is found by. */
export const searchable = (item: ItemRow): Searchable<ItemRow> => ({
  thing: item,
  texts: [
    { text: item.name, place: "name" },
    ...item.aliases.map((text) => ({ text, place: "alias" as const })),
    { text: item.code, place: "code" },
    { text: item.department_name, place: "department" },
  ],
});

/** How the items sound, spelled once for as long as they are the same. */
export const soundsQuery = (items: ItemRow[]) =>
  queryOptions({
    queryKey: ["hall", "sounds", items.map(({ code, version }) => `${code}.${version}`).sort()],
    queryFn: () => sounds(items.flatMap((item) => searchable(item).texts.map(({ text }) => text))),
    staleTime: Infinity,
  });
