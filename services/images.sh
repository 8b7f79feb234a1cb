#!/usr/bin/env bash
# Builds the images p2pcloud/<service>:<version> from the Release build. Settings, all from the environment:
#   BASE       base image; CHISELED=1 takes the variant without a shell
#   VERSION    tag, else the version of Directory.Build.props
#   REGISTRY   prefix of the names, such as ghcr.io/someone
#   PLATFORMS  such as linux/amd64,linux/arm64: needs docker's buildx, and PUSH=1 for more than one
#   PUSH       1 sends the images to the registry
set -euo pipefail
cd "$(dirname "$0")/.."

services=(bootstrap directory supernode peer gateway cli)
version=${VERSION:-$(dotnet msbuild services/peer -getProperty:Version)}
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
base=${BASE:-mcr.microsoft.com/dotnet/aspnet:10.0${CHISELED:+-noble-chiseled}}
prefix=${REGISTRY:+${REGISTRY%/}/}
platforms=${PLATFORMS:-}
push=${PUSH:-}

if [[ $platforms == *,* && -z $push ]]; then
  echo "images: an engine keeps one platform of an image. Set PUSH=1 and REGISTRY, or name one platform." >&2
  exit 2
fi
if [[ -n $platforms ]] && ! docker buildx version >/dev/null 2>&1; then
  echo "images: PLATFORMS needs docker's buildx plugin. Without PLATFORMS the images are for this machine." >&2
  exit 2
fi

# One portable folder serves every platform of Linux; what is for other systems goes.
publish() { # service, folder
  rm -rf "$2"
  dotnet publish "services/$1" --configuration Release --no-build --nologo --verbosity quiet --output "$2" -p:UseAppHost=false
  find "$2" \( -name '*.pdb' -o -name '*.xml' -o -name 'appsettings.Development.json' \) -delete
  if [[ -d $2/runtimes ]]; then
    find "$2/runtimes" -mindepth 1 -maxdepth 1 ! -name unix ! -name linux ! -name linux-x64 ! -name linux-arm64 -exec rm -rf {} +
  fi
}

build() { # service, folder
  local tag="${prefix}p2pcloud/$1:$version"
  local arguments=(--file services/Dockerfile --target "$1" --tag "$tag"
    --build-arg "BASE=$base" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "TITLE=p2pcloud/$1")
  if [[ -n $platforms ]]; then
    docker buildx build --platform "$platforms" "${arguments[@]}" "$([[ -n $push ]] && echo --push || echo --load)" "$2"
  else
    docker build --quiet "${arguments[@]}" "$2" >/dev/null
    if [[ -n $push ]]; then docker push --quiet "$tag"; fi
  fi
}

for service in "${services[@]}"; do
  folder=artifacts/images/$service
  publish "$service" "$folder"
  build "$service" "$folder"
  printf '%-40s %8s of %s\n' "${prefix}p2pcloud/$service:$version" "$(du -sh "$folder" | cut -f1)" \
    "$(docker image inspect --format '{{.Size}}' "${prefix}p2pcloud/$service:$version" 2>/dev/null | awk '{printf "%.0f MB", $1 / 1e6}')"
done
