#!/bin/sh
# One shot: the namespace, with histories kept for three months after an order's end. Safe to repeat.
set -eu
until temporal operator cluster health; do sleep 1; done
temporal operator namespace describe --namespace "$NAMESPACE" ||
  temporal operator namespace create --namespace "$NAMESPACE" --retention "$RETENTION"
