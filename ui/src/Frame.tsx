import { App, Button, Dropdown, Modal } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation, useMatch, useNavigate } from "react-router";
import { Failure } from "./api/failure";
import type { Service, SessionView } from "./api/types";
import { openDesk } from "./backend";
import { ScanBox } from "./cases/ScanBox";
import { AttentionCount } from "./cases/Attention";
import { HelpDrawer, ShortcutList, topicOf } from "./Help";
import { DemoMark, LanguageSwitch } from "./session/marks";
import { SignIn } from "./session/SignIn";
import { useCoveredDesk } from "./session/useCoveredDesk";
import { useNews } from "./session/useNews";
import {
  CurrentSession,
  deskPath,
  desksOf,
  useLeave,
  useSession,
  useSessionLost,
  useSharedSessions,
  type Desk,
} from "./session/useSession";
import { letGo, useFocusBack } from "./shared/focus";
import { Loaded } from "./shared/Page";
import { useShortcut, type ShortcutName } from "./shared/shortcuts";
import { useProblemWords } from "./shared/words";
import { endTour, useTour } from "./tour";
import { hasUnsent } from "./unsent";

/** What is around every desk of one service: who sits here, where they can go, and the way back in. */
export function Frame({ service }: { service: Service }) {
  const session = useSession(service);
  const lost = useSessionLost(service);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useNews(service, Boolean(session.data) && !lost);
  useSharedSessions();

  const onSignedIn = (to: Service) => {
    if (to !== service || pathname === "/") void navigate(to === "hall" ? "/" : "/department");
  };

  return (
    <Loaded query={session}>
      {(data) =>
        data ? (
          <CurrentSession value={data}>
            {lost && <Return service={service} session={data} />}
            <div key={data.account.id} className="frame" hidden={lost}>
              <Questions />
              <Head service={service} session={data} />
              <main id="main" className="main">
                <Outlet />
              </main>
            </div>
          </CurrentSession>
        ) : (
          <SignIn service={service} onSignedIn={onSignedIn} />
        )
      }
    </Loaded>
  );
}

/** The way back in, over a desk that waits as it was left. */
function Return({ service, session }: { service: Service; session: SessionView }) {
  useCoveredDesk();
  useFocusBack();
  return <SignIn service={service} before={session} />;
}

/** What was asked of one person is not answered by the next. */
function Questions() {
  useEffect(() => () => Modal.destroyAll(), []);
  return null;
}

const MENU_KEYS: ShortcutName[] = ["menu1", "menu2", "menu3", "menu4"];

function Head({ service, session }: { service: Service; session: SessionView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const leave = useLeave();
  const { pathname } = useLocation();
  const atOutput = useMatch("/output/*") !== null;
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useState(false);
  const { modal } = App.useApp();
  const say = useProblemWords();
  const go = (): Promise<void> =>
    leave(service).then(
      () => void navigate("/"),
      (thrown: unknown) =>
        void modal.confirm({
          title: t("head.notLeft"),
          content: (
            <>
              <p>{say(Failure.of(thrown))}</p>
              <p>{t("head.notLeftWords")}</p>
            </>
          ),
          okText: t("again"),
          cancelText: t("cancel"),
          onOk: go,
        }),
    );
  const leaveDesk = () => {
    if (!hasUnsent(service)) return void go();
    void modal.confirm({
      title: t("head.leaveTitle"),
      content: t("head.leaveWords"),
      okText: t("head.leave"),
      cancelText: t("cancel"),
      autoFocusButton: "cancel",
      onOk: go,
    });
  };
  const desks = desksOf(service, session);
  const touring = useTour();
  const openHelp = () => {
    if (!touring) return setHelp(true);
    // The walk lies over everything: it is over, gives the keyboard back, and can be begun again from the help.
    endTour();
    setTimeout(() => setHelp(true));
  };
  useShortcut("help", openHelp);
  useShortcut("keys", () => setKeys(true));
  useShortcut("desk", openDesk);

  const menu = [
    { key: "desk", label: t("head.openDesk"), onClick: openDesk },
    { key: "keys", label: t("head.keys"), onClick: () => setKeys(true) },
    { key: "leave", label: t("head.leave"), onClick: leaveDesk },
  ];

  return (
    <header className="head">
      <a className="skip" href="#main">
        {t("head.skip")}
      </a>
      <span className="brand">{t("product")}</span>
      <span className="head-office" lang="zh-CN">
        {session.office.name}
        {session.window && <b>{t("head.window", { window: session.window })}</b>}
      </span>
      <nav className="menu" aria-label={t("head.menu")}>
        {desks.map((desk, at) => (
          <MenuEntry key={desk} desk={desk} shortcut={MENU_KEYS[at]} number={at + 1}>
            {desk === "cases" && <AttentionCount of={session} />}
          </MenuEntry>
        ))}
      </nav>
      <span className="grow" />
      {service === "hall" && !atOutput && (
        <ScanBox
          onFound={(id) => void navigate(`/cases/${id}`)}
          onSeveral={(words) => void navigate(`/cases?q=${encodeURIComponent(words)}`)}
        />
      )}
      {session.demo && <DemoMark today={session.today} />}
      <Button size="small" onClick={openHelp} data-testid="help-open">
        {t("head.help")} <kbd>F1</kbd>
      </Button>
      <LanguageSwitch />
      <Dropdown autoFocus menu={{ items: menu }} trigger={["click"]}>
        <Button size="small" data-testid="account-menu" lang="zh-CN">
          {session.account.name} <span aria-hidden="true">▾</span>
        </Button>
      </Dropdown>
      <HelpDrawer
        topic={topicOf(pathname)}
        open={help}
        onClose={() => setHelp(false)}
        desks={desks.length}
        demo={session.demo}
      />
      <ShortcutList
        topic={topicOf(pathname)}
        open={keys}
        onClose={() => setKeys(false)}
        desks={desks.length}
        demo={session.demo}
      />
    </header>
  );
}

interface MenuEntryProps {
  desk: Desk;
  shortcut?: ShortcutName;
  number: number;
  children?: React.ReactNode;
}

function MenuEntry({ desk, shortcut, number, children }: MenuEntryProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const open = () => {
    // Where the desk is open already, nothing comes that would take the keyboard.
    if (pathname !== deskPath(desk)) letGo();
    void navigate(deskPath(desk));
  };
  useShortcut(shortcut ?? "menu4", open, shortcut !== undefined);
  return (
    <NavLink to={deskPath(desk)} data-testid={`menu-${desk}`} title={`Alt+${number}`}>
      {t(`desk.${desk}`)}
      {children}
    </NavLink>
  );
}
