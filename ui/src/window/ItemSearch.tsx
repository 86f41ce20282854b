import { useQuery } from "@tanstack/react-query";
import type { InputRef } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ItemRow } from "../api/types";
import { Budget } from "../cases/Clocks";
import { Unverified } from "../cases/marks";
import { useCurrentSession } from "../session/useSession";
import { Combobox } from "../shared/Combobox";
import { useFocusOnArrival } from "../shared/focus";
import { Empty, Loaded } from "../shared/Page";
import { indexOf, search } from "../shared/pinyin";
import { GuideOf } from "./Guide";
import { itemsQuery, searchable, soundsQuery } from "./queries";
import { inOrderOfUse, takenBy } from "./used";

const SHOWN = 50;

interface Props {
  /** The guide of the answer that would be picked is open. */
  guide: boolean;
  onGuide: () => void;
  onPick: (code: string) => void;
}

/** Finds an item by its name, what people call it, its department, its code, or its sound. */
export function ItemSearch(props: Props) {
  const { t } = useTranslation();
  return (
    <Loaded query={useQuery(itemsQuery)}>
      {(all) =>
        all.length > 0 ? (
          <Search among={all} {...props} />
        ) : (
          <Empty title={t("window.noItems")}>{t("window.noItemsHint")}</Empty>
        )
      }
    </Loaded>
  );
}

function Search({ among, guide, onGuide, onPick }: Props & { among: ItemRow[] }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const [typed, setTyped] = useState("");
  const input = useRef<InputRef>(null);
  const { data: spoken } = useQuery(useMemo(() => soundsQuery(among), [among]));
  const taken = useMemo(() => takenBy(account.id), [account.id]);
  const index = useMemo(
    () => indexOf(inOrderOfUse(among, taken).map(searchable), spoken),
    [among, taken, spoken],
  );
  const found = useMemo(() => search(index, typed, SHOWN), [index, typed]);
  useFocusOnArrival(input);

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
      beside={guide ? ({ code }) => <GuideOf code={code} onClose={onGuide} /> : undefined}
    >
      {(row) => (
        <div className="item-option">
          <div className="item-option-line" lang="zh-CN">
            <span>
              <strong>{row.name}</strong> {row.unverified && <Unverified />}
            </span>
            <span className="quiet grow">{row.aliases.join("、")}</span>
            {!typed && taken.includes(row.code) && (
              <span className="mark mark-often">{t("window.often")}</span>
            )}
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
