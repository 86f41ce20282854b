import { useQuery } from "@tanstack/react-query";
import type { InputRef } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { listItems } from "../api/hall-calls";
import type { ItemRow } from "../api/types";
import { Budget } from "../cases/Clocks";
import { Unverified } from "../cases/marks";
import { Combobox } from "../shared/Combobox";
import { useFocusOnArrival } from "../shared/focus";
import { Empty, Loaded } from "../shared/Page";
import { search, sounds } from "../shared/pinyin";

const SHOWN = 50;

interface Props {
  onPick: (code: string) => void;
}

/** Finds an item by its name, what people call it, its code, or its sound. */
export function ItemSearch({ onPick }: Props) {
  const items = useQuery({ queryKey: ["hall", "items"], queryFn: listItems, staleTime: 60_000 });
  return <Loaded query={items}>{(all) => <Search among={all} onPick={onPick} />}</Loaded>;
}

function Search({ among, onPick }: Props & { among: ItemRow[] }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const input = useRef<InputRef>(null);
  const spoken = useSounds(among);
  useFocusOnArrival(input);
  const found = useMemo(() => {
    const searchable = among.map((thing) => ({
      thing,
      words: [thing.name, ...thing.aliases, thing.code, thing.department_name],
      sounds: spoken.get(thing.code) ?? [],
    }));
    return search(searchable, typed).slice(0, SHOWN);
  }, [among, spoken, typed]);

  return (
    <Combobox
      inputRef={input}
      label={t("window.itemSearch")}
      placeholder={t("window.itemPlaceholder")}
      testId="item-search"
      value={typed}
      onSearch={setTyped}
      options={found}
      idOf={({ code }) => code}
      testIdOf={({ code }) => `item-option-${code}`}
      onPick={({ code }) => onPick(code)}
      empty={<Empty title={t("window.noItem", { typed })}>{t("window.noItemHint")}</Empty>}
    >
      {(row) => (
        <div className="item-option">
          <div className="item-option-line" lang="zh-CN">
            <strong>{row.name}</strong>
            <span className="quiet grow">{row.aliases.join("、")}</span>
            {row.unverified && <Unverified />}
          </div>
          <div className="item-option-line quiet">
            <span lang="zh-CN">
              {row.department_name} · {row.kind}
            </span>
            <span className="grow">
              {row.immediate
                ? t("window.immediate")
                : row.promised && (
                    <>
                      {t("window.promised")} <Budget of={row.promised} />
                    </>
                  )}
            </span>
            <code>{row.code}</code>
          </div>
        </div>
      )}
    </Combobox>
  );
}

/** The sounds of every item, once the dictionary is there. */
function useSounds(items: ItemRow[]): Map<string, string[][]> {
  const { data } = useQuery({
    queryKey: ["hall", "sounds", items.map(({ code, version }) => `${code}.${version}`)],
    queryFn: async () => {
      const pairs = items.map(
        async ({ code, name, aliases }) => [code, await sounds([name, ...aliases])] as const,
      );
      return new Map(await Promise.all(pairs));
    },
    staleTime: Infinity,
  });
  return useMemo(() => data ?? new Map<string, string[][]>(), [data]);
}
