# One line each; `scripts/` has the rest.
.PHONY: run test test-desktop test-browser demo faults bench screens api fonts icon

run:           ; @scripts/run
test:          ; @scripts/test
test-desktop:  ; @scripts/test needs fonts pages build desktop
test-browser:  ; @scripts/test needs fonts pages build browser
demo:          ; @scripts/demo
faults:        ; @scripts/faults
bench:         ; @scripts/bench
screens:       ; @scripts/screens
api:           ; @scripts/api
fonts:         ; @npm ci --prefix assets --no-audit --no-fund
icon:          ; @scripts/icon
