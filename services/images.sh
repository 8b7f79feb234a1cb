#!/usr/bin/env bash
# Builds the images p2pcloud/<service>:<version> from the Release build. Settings, all from the environment:
#   BASE       base image; CHISELED=1 takes the variant without a shell
#   VERSION    tag, else the version of Directory.Build.props
#   REGISTRY   prefix of the names, such as ghcr.io/someone
#   PLATFORMS  such as linux/amd64,linux/arm64; more than one need PUSH or OCI. Built by docker's buildx (for OCI with a builder that can write it:
#              docker buildx create --use), else by buildah. Nothing is run in an image while it is built: no emulation is needed.
#   PUSH       1 sends the images to the registry
#   OCI        folder for archives <service>.tar in OCI's layout, in place of the engine's own store
#   BUILDER    buildx or buildah for the two, whichever else is there
#   SERVICES   which ones, else all
set -euo pipefail
cd "$(dirname "$0")/.."

# An attestation makes an index of an image. With docker's containerd store, kind load does not find all parts of it:
# "content digest ... not found" (https://github.com/kubernetes-sigs/kind/issues/3795).
export BUILDX_NO_DEFAULT_ATTESTATIONS=1

read -ra services <<<"${SERVICES:-bootstrap directory supernode peer gateway cli}"
version=${VERSION:-$(dotnet msbuild services/peer -getProperty:Version)}
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
base=${BASE:-mcr.microsoft.com/dotnet/aspnet:10.0${CHISELED:+-noble-chiseled}}
prefix=${REGISTRY:+${REGISTRY%/}/}
platforms=${PLATFORMS:-}
push=${PUSH:-}
oci=${OCI:-}
builder=docker
if [[ -n $platforms$oci ]]; then
  if [[ -n ${BUILDER:-} ]]; then
    builder=$BUILDER
  elif docker buildx version >/dev/null 2>&1; then
    builder=buildx
  elif command -v buildah >/dev/null; then
    builder=buildah
  else
    echo "images: PLATFORMS and OCI need docker's buildx plugin or buildah. Without them the images are for this machine." >&2
    exit 2
  fi
fi
if [[ -n $push && -n $oci ]]; then
  echo "images: PUSH sends to a registry, OCI writes files: set one of them." >&2
  exit 2
fi
if [[ -z $push$oci && ($platforms == *,* || $builder == buildah) ]]; then
  echo "images: an engine keeps one platform of an image, and buildah does not keep its images there. Set PUSH=1 and REGISTRY, or OCI." >&2
  exit 2
fi
if [[ -n $oci ]]; then mkdir -p "$oci"; fi

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
  case $builder in
    buildx)
      local output=--load
      if [[ -n $push ]]; then output=--push; elif [[ -n $oci ]]; then output=--output=type=oci,dest=$oci/$1.tar; fi
      docker buildx build ${platforms:+--platform "$platforms"} "${arguments[@]}" "$output" "$2"
      ;;
    buildah)
      # A list of this name that is there already would grow.
      buildah manifest rm "$tag" >/dev/null 2>&1 || true
      buildah build --quiet ${platforms:+--platform "$platforms"} "${arguments[@]/#--tag/--manifest}" "$2" >/dev/null
      rm -f "$oci/$1.tar"
      buildah manifest push --quiet --all "$tag" "$([[ -n $push ]] && echo "docker://$tag" || echo "oci-archive:$oci/$1.tar:$tag")" >/dev/null
      ;;
    *)
      docker build --quiet "${arguments[@]}" "$2" >/dev/null
      if [[ -n $push ]]; then docker push --quiet "$tag"; fi
      ;;
  esac
}

size() { # service
  if [[ -n $oci ]]; then
    du -h "$oci/$1.tar" | cut -f1
  else
    docker image inspect --format '{{.Size}}' "${prefix}p2pcloud/$1:$version" 2>/dev/null | awk '{printf "%.0f MB", $1 / 1e6}'
  fi
}

for service in "${services[@]}"; do
  folder=artifacts/images/$service
  publish "$service" "$folder"
  build "$service" "$folder"
  printf '%-40s %8s of %s\n' "${prefix}p2pcloud/$service:$version" "$(du -sh "$folder" | cut -f1)" "$(size "$service")"
done
