import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, Radio, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Service, SessionView, Welcome } from "../api/types";
import { Field } from "../shared/Field";
import { Loaded, PageHeading } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useRemembered } from "../shared/remembered";
import { useCommand } from "../shared/useCommand";
import { useNamed } from "../shared/words";
import { DemoMark, LanguageSwitch } from "./marks";
import { readWelcome, sendSignIn, useSignedIn, type SignInInput } from "./useSession";

interface Props {
  service: Service;
  /** Who sat here until the session ended. */
  before?: SessionView;
  onSignedIn?: (service: Service) => void;
}

/** The way to a desk. After an expired session it lies over the desk, which keeps everything typed. */
export function SignIn({ service: suggested, before, onSignedIn }: Props) {
  const { t } = useTranslation();
  const [service, setService] = useState(suggested);
  const [login, setLogin] = useState(before?.account.login ?? "");
  const [password, setPassword] = useState("");
  const [remembered, remember] = useRemembered("window", "");
  const [window, setWindow] = useState(before?.window ?? remembered);
  const first = useRef<InputRef>(null);
  const second = useRef<InputRef>(null);
  const signedIn = useSignedIn();
  const welcome = useQuery({
    queryKey: [service, "welcome"],
    queryFn: () => readWelcome(service),
    staleTime: Infinity,
  });
  const place = useRef<InputRef>(null);
  const send = useCommand(
    sendSignIn,
    (session, input: SignInInput) => {
      signedIn(session, input);
      if (input.window) remember(input.window);
      onSignedIn?.(input.service);
    },
    (failure) => {
      const field = failure.errors.some(({ pointer }) => pointer === "/window") ? place : second;
      field.current?.focus({ cursor: "all" });
    },
  );
  const relogin = before?.account.login;
  useEffect(() => (relogin ? second : first).current?.focus(), [relogin]);

  const start = (as: { login: string; password: string; window?: string }) => {
    setLogin(as.login);
    setPassword(as.password);
    const at = service === "hall" ? (as.window ?? window.trim()) : "";
    void send.run({ service, login: as.login.trim(), password: as.password, ...(at ? { window: at } : {}) });
  };

  return (
    <main className="sign-in">
      <header className="sign-in-head">
        <span className="brand">{t("product")}</span>
        <span className="quiet">{welcome.data?.office.name}</span>
        <span className="grow" />
        {welcome.data?.demo && <DemoMark today={welcome.data.today} />}
        <LanguageSwitch />
      </header>
      <div className="sign-in-body">
        <form
          className="sign-in-form"
          onSubmit={(event) => {
            event.preventDefault();
            start({ login, password });
          }}
        >
          <PageHeading title={t("signIn.title")} />
          {before && <Alert type="warning" showIcon title={t("signIn.expired")} />}
          <Radio.Group
            className="sign-in-service"
            optionType="button"
            buttonStyle="solid"
            aria-label={t("signIn.service")}
            value={service}
            disabled={before !== undefined}
            onChange={(event) => setService(event.target.value as Service)}
            options={[
              { value: "hall", label: t("signIn.hall") },
              { value: "department", label: t("signIn.department") },
            ]}
          />
          <Field id="sign-in-login" label={t("signIn.login")} required>
            <Input
              id="sign-in-login"
              data-testid="sign-in-login"
              ref={first}
              size="large"
              autoComplete="username"
              value={login}
              onChange={(event) => setLogin(event.target.value)}
            />
          </Field>
          <Field id="sign-in-password" label={t("signIn.password")} required>
            <Input.Password
              id="sign-in-password"
              data-testid="sign-in-password"
              ref={second}
              size="large"
              autoComplete="current-password"
              visibilityToggle={{ tabIndex: -1 }}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          {service === "hall" && (
            <Field id="sign-in-window" label={t("signIn.window")} hint={t("signIn.windowHint")}>
              <Input
                id="sign-in-window"
                data-testid="sign-in-window"
                ref={place}
                size="large"
                inputMode="numeric"
                maxLength={4}
                value={window}
                onChange={(event) => setWindow(event.target.value)}
              />
            </Field>
          )}
          <Problem
            of={send.problem}
            nameOf={(pointer) => (pointer === "/window" ? t("signIn.window") : undefined)}
            onRetry={send.problem?.uncertain ? () => void send.retry() : undefined}
          />
          <Button
            block
            size="large"
            type="primary"
            htmlType="submit"
            loading={send.busy}
            disabled={!login.trim() || !password}
            data-testid="sign-in-submit"
          >
            {t("signIn.submit")}
          </Button>
        </form>
        <Loaded query={welcome}>
          {(data) =>
            data.demo && !before ? (
              <DemoAccounts of={data} service={service} busy={send.busy} window={window} onPick={start} />
            ) : null
          }
        </Loaded>
      </div>
    </main>
  );
}

interface DemoProps {
  of: Welcome;
  service: Service;
  busy: boolean;
  window: string;
  onPick: (as: { login: string; password: string; window?: string }) => void;
}

function DemoAccounts({ of: { demo_accounts }, service, busy, window, onPick }: DemoProps) {
  const { t } = useTranslation();
  const named = useNamed();
  const other: Service = service === "hall" ? "department" : "hall";
  return (
    <section className="demo-accounts" aria-labelledby="demo-accounts">
      <h2 id="demo-accounts">{t("signIn.demo", { count: demo_accounts.length })}</h2>
      <p className="quiet">{t("signIn.demoHint")}</p>
      <ul className="plain-list demo-list fades">
        {demo_accounts.map(({ login, password, name, roles, department }, n) => (
          <li key={login}>
            {department && department.id !== demo_accounts[n - 1]?.department?.id && (
              <h3 lang="zh-CN">{department.name}</h3>
            )}
            <button
              type="button"
              className="demo-account"
              data-testid={`demo-account-${login}`}
              disabled={busy}
              onClick={() =>
                onPick({
                  login,
                  password,
                  window: roles.includes("window_clerk") ? window || "03" : "",
                })
              }
            >
              <strong lang="zh-CN">{name}</strong>
              <span>{roles.map((role) => named(`role.${role}`, role)).join(t("listSign"))}</span>
              <code>
                {login} / {password}
              </code>
            </button>
          </li>
        ))}
      </ul>
      <p className="quiet">{t("signIn.demoOther", { service: t(`signIn.${other}`) })}</p>
    </section>
  );
}
