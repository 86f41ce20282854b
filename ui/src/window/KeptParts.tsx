import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Section } from "../shared/Page";
import { Row, Rows } from "../shared/Rows";
import { shown } from "../shared/words";
import { keptInSight } from "./change";
import type { Draft, KeptPart } from "./filing";

/** What was typed for an earlier item and has no place in this one, until somebody has seen enough of it. */
export function KeptParts({ of: draft, onDismiss }: { of: Draft; onDismiss: () => void }) {
  const { t } = useTranslation();
  const parts = keptInSight(draft);
  if (!parts.length) return null;
  const names = [...new Set(parts.map(({ itemName }) => itemName))];
  return (
    <Section
      className="kept"
      title={t("kept.title")}
      aside={
        <Button size="small" onClick={onDismiss} data-testid="kept-dismiss">
          {t("kept.dismiss")}
        </Button>
      }
    >
      <p className="quiet">{t("kept.words")}</p>
      {names.map((name) => (
        <div key={name} lang="zh-CN" data-testid="kept-parts">
          <h3>{name}</h3>
          <Rows>
            {parts
              .filter(({ itemName }) => itemName === name)
              .map((part) => (
                <Row key={`${part.part} ${titleOf(part)}`} title={titleOf(part)}>
                  <Value of={part} />
                </Row>
              ))}
          </Rows>
        </div>
      ))}
    </Section>
  );
}

function titleOf(part: KeptPart): string {
  if (part.part === "form") return part.title;
  return part.part === "material" ? part.name : part.text;
}

function Value({ of: part }: { of: KeptPart }) {
  const { t } = useTranslation();
  switch (part.part) {
    case "form":
      return typeof part.value === "boolean"
        ? t(part.value ? "yes" : "no")
        : Array.isArray(part.value)
          ? part.value.map(shown).join(t("listSign"))
          : shown(part.value);
    case "material":
      return part.handed.file?.name ?? t("materials.paperOnly");
    case "answer":
      return part.label;
    case "tick":
      return part.unmet === undefined ? t("kept.tick") : part.unmet || t("point.violated");
  }
}
