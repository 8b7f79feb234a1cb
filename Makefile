# One command for each thing that people do with this repository. `make help` lists them.
SHELL := /bin/bash
CONFIGURATION ?= Release
PEERS ?= 16
PORT ?= 8080
SHARE ?=
SEEDS ?= 1000
HOURS ?= 1
SIZE ?= tiny
RELEASE ?= p2pcloud
NAMESPACE ?= p2p
TIMEOUT ?= 10m
CLI := artifacts/cli/p2pcloud
DOCUMENTS := artifacts/documents

.PHONY: help build run test test-cluster soak images chart-test kind-up deploy undeploy format clean

help: ## Lists the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## Builds everything; the command is left at artifacts/cli/p2pcloud
	dotnet build P2PCloud.sln --configuration $(CONFIGURATION) --nologo
	dotnet publish services/cli --configuration $(CONFIGURATION) --no-build --nologo --output artifacts/cli

run: build $(if $(SHARE),,documents) ## Runs the whole cloud: make run [SHARE=DIR] [PEERS=16] [PORT=8080]
	exec $(CLI) up --peers $(PEERS) --port $(PORT) --share "$(or $(SHARE),$(DOCUMENTS))"

.PHONY: documents
documents:
	@rm -rf $(DOCUMENTS) && mkdir -p $(DOCUMENTS)
	@find . \( -name artifacts -o -name bin -o -name obj -o -name .git \) -prune -o \( -name '*.md' -o -name LICENSE \) -print0 \
		| tar -cf - --null -T - | tar -xf - -C $(DOCUMENTS)

test: ## Runs all tests that need only the SDK
	dotnet test --configuration $(CONFIGURATION) --timeout 15m --max-parallel-test-modules 1

test-cluster: build ## Runs the cloud in containers under load and faults; skips without Docker, takes 25 minutes
	@if docker info >/dev/null 2>&1; then services/images.sh; fi
	@rm -f artifacts/cluster-report.md
	P2PCLOUD_CLUSTER=1 dotnet test --project tests/Cluster --configuration $(CONFIGURATION) --no-build --timeout 30m; \
		status=$$?; cat artifacts/cluster-report.md 2>/dev/null; exit $$status

soak: build ## Runs Chord's fault scenarios: make soak [SEEDS=1000] [HOURS=1]
	exec $(CLI) simulate soak --seeds $(SEEDS) --hours $(HOURS)

images: build ## Builds the services' images: make images [CHISELED=1] [REGISTRY=..] [PLATFORMS=..] [PUSH=1] [OCI=folder]
	services/images.sh

chart-test: ## Checks the Helm chart, without a cluster; needs helm in PATH or named by HELM
	@command -v "$${HELM:-helm}" >/dev/null || { echo "chart-test: helm is needed, in PATH or named by HELM" >&2; exit 1; }
	dotnet test --project tests/Chart.Tests --configuration $(CONFIGURATION)

kind-up: ## Makes a kind cluster with the images, Dapr and the namespace p2p: make kind-up [REGISTRY=..]
	k8s/kind-up.sh

deploy: ## Installs or upgrades the chart in the current cluster: make deploy [SIZE=tiny] [RELEASE=p2pcloud] [NAMESPACE=p2p] [TIMEOUT=10m] [ARGS=..]
	helm upgrade --install $(RELEASE) charts/p2pcloud --namespace $(NAMESPACE) --create-namespace --values charts/p2pcloud/values-$(SIZE).yaml \
		--wait --timeout $(TIMEOUT) $(ARGS)

# Hooks are not part of a release: helm leaves those of helm test.
undeploy: ## Removes the release; its volumes stay
	helm uninstall $(RELEASE) --namespace $(NAMESPACE) --wait
	kubectl --namespace $(NAMESPACE) delete job,configmap --selector app.kubernetes.io/instance=$(RELEASE),app.kubernetes.io/component=test

format: ## Formats the sources as the build expects them
	dotnet format P2PCloud.sln

clean: ## Removes what builds left
	rm -rf artifacts
	find services tests \( -name bin -o -name obj \) -type d -prune -exec rm -rf {} +
