import { useTranslation } from "react-i18next";
import type { ApplicantKind } from "../api/types";
import type { Place } from "./filing";

/** The name of a place on the desk. */
export function usePlaceWords(kind: ApplicantKind) {
  const { t } = useTranslation();
  return (place: Place): string => {
    switch (place.part) {
      case "kind":
        return t("applicant.kind");
      case "applicant":
        return t(`applicantField.${kind}.${place.field}`);
      case "agent":
        return t("gap.agent", { name: t(`agent.${place.field}`) });
      case "form":
        return place.title;
      case "material":
        return place.name;
      default:
        return place.text;
    }
  };
}
