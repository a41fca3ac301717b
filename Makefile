# make demo      the whole system with a made-up county on http://127.0.0.1:8000; Ctrl-C stops all of it
#                (PORT=8001 another port, DEMO=full the whole county, MONTH=2022-06 another last month)
# make test      every check and every test, on the embedded PostgreSQL and, where installed, on the system's 15
# make check     only the checks: lint, format, contracts, types, migrations, deployment
# make fmt       format and repair the code       make messages  collect and compile the interface's words
# make bench     what it costs beside plain SQL, at 27,000 and 250,000 households (BENCH=1M a million); 15 minutes
# make engines   PostgreSQL and Valkey in var/    make stop      stop them
# make lock      renew the locks                  make clean     delete what is made again; keeps var/
#
# Needs Python 3.11 with venv, git and make; everything else goes into .venv, pinned by hash.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.PHONY: demo test check checks tests browser bench fmt messages engines stop lock clean

PYTHON ?= python3
UV := uv==0.13.9
PY := .venv/bin/python
# -P: Python must not look for its own modules in monitoring/.
ENGINES := $(PY) -P monitoring/engines.py
# Keys that seal nothing but the made-up people of the tests.
TEST_KEYS := SECRET_KEY=only-for-tests-5Zr7Qm2Xw9Kc4Vb8Nt6Lp1Hd3Gf0Js-only-for-tests \
  SEAL_KEYS=k1:b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMtLS0= \
  LOOKUP_KEY=dGVzdHMtb25seS1sb29rdXAtLXRlc3RzLW9ubHktLS0=

demo: .venv/run.stamp
	@exec $(PY) -m monitoring.demo.serve

# Two halves at the same time, each with engines of its own: what needs no browser; and the same on PostgreSQL 15, where
# "once" says nothing new, then the browser. The last line is pytest's own summary.
test: .venv/dev.stamp browser
ifeq ($(wildcard /usr/lib/postgresql/15/bin/postgres),)
	@echo "== 跳过 PostgreSQL 15：系统没有安装 postgresql-15。 PostgreSQL 15 is skipped: the system has none."
	@$(TEST_KEYS) $(ENGINES) temporary -- $(MAKE) checks tests
else
	@log=$$(mktemp); trap 'rm -f $$log; kill $$(jobs -p) 2>/dev/null || true' EXIT; \
	{ status=0; \
	  $(TEST_KEYS) $(ENGINES) temporary --system -- $(MAKE) tests ARGS='-m "not browser and not once" $(ARGS)' || status=$$?; \
	  $(TEST_KEYS) $(ENGINES) temporary -- $(MAKE) tests ARGS='-m browser $(ARGS)' || status=$$?; \
	  exit $$status; } >$$log 2>&1 & other=$$!; \
	$(TEST_KEYS) $(ENGINES) temporary -- $(MAKE) checks tests ARGS='-m "not browser" $(ARGS)'; \
	echo "== PostgreSQL 15, browser"; status=0; wait $$other || status=$$?; cat $$log; exit $$status
endif

check: .venv/dev.stamp
	@$(TEST_KEYS) $(ENGINES) temporary -- $(MAKE) checks

# The two below run inside `temporary`, which tells them where the engines are.
checks:
	@echo "== ruff"; .venv/bin/ruff check . && .venv/bin/ruff format --check .
	@echo "== contracts"; .venv/bin/lint-imports
	@echo "== types"; .venv/bin/mypy
	@echo "== migrations"; $(PY) manage.py makemigrations --check
	@echo "== deployment"; export ALLOWED_HOSTS=monitoring.example.org; \
	  $(PY) manage.py check --deploy --fail-level WARNING; $(PY) manage.py collectstatic --no-input

tests:
	@$(PY) manage.py compile_catalogues >/dev/null
	@DEBUG=1 $(PY) -m pytest -rs $(ARGS)

# Debian's Chromium and a Chinese font; Playwright's own browsers are never downloaded.
browser:
	@need=(); command -v chromium >/dev/null || need+=(chromium); \
	fc-list :lang=zh 2>/dev/null | grep -q . || need+=(fonts-wqy-microhei); \
	if [ $${#need[@]} -eq 0 ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "安装 $${need[*]} / Installing $${need[*]}"; export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$${need[@]}" >/dev/null; \
	else \
	  echo "浏览器测试需要 / The browser tests need: apt-get install $${need[*]}" >&2; \
	  command -v chromium >/dev/null; \
	fi

# Tables as Markdown, also in var/bench.md. ONLY=county:27000 runs one part.
bench: .venv/dev.stamp
	@$(TEST_KEYS) SECURE_TLS=0 ONLY="$(ONLY)" BENCH="$(BENCH)" $(ENGINES) temporary -- $(PY) -m tests.bench

fmt: .venv/dev.stamp
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

messages: .venv/run.stamp
	@$(PY) manage.py collect_messages && $(PY) manage.py compile_catalogues

engines: .venv/run.stamp
	@$(ENGINES) start && $(PY) -m monitoring.demo.keys && $(PY) manage.py compile_catalogues >/dev/null

stop:
	@$(PYTHON) -P monitoring/engines.py stop

lock: .venv/dev.stamp
	@for name in requirements requirements-dev; do .venv/bin/uv pip compile -q --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" $$name.txt -o $$name.lock; done

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

# One environment for both; the stamps say which lock it holds. uv takes seconds, pip half a minute; where pip is
# told to use a mirror, so is uv.
.venv/%.stamp:
	@[ -x .venv/bin/pip ] || { $(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python >= 3.11!"' && \
	  $(PYTHON) -m venv --clear .venv; }
	@echo "安装 $< / Installing $<"
	@export PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never; \
	mirror=$${PIP_INDEX_URL:-$$(.venv/bin/pip config get global.index-url 2>/dev/null || true)}; \
	if [ -n "$$mirror" ]; then export UV_DEFAULT_INDEX="$$mirror"; fi; \
	{ { [ -x .venv/bin/uv ] || .venv/bin/pip install -q $(UV); } && \
	  .venv/bin/uv pip install -q --python $(PY) $(COMPILE) --require-hashes -r $<; } || \
	.venv/bin/pip install -q --require-hashes -r $<
	@touch $@

.venv/run.stamp: requirements.lock
.venv/run.stamp: COMPILE := --compile-bytecode
.venv/dev.stamp: requirements-dev.lock
