#!/usr/bin/env bash
# A hundred workers on Slurm: sbatch --array=1-100 deploy/slurm.sh. Certificates and key lie in ~/.config/zennas.
#SBATCH --job-name=zennas-worker
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --signal=B:TERM@30
#SBATCH --requeue
set -euo pipefail
certs=$HOME/.config/zennas
exec ./zennas worker --nats "${ZENNAS_NATS:?the server, tls://host:4222}" --slots "$SLURM_CPUS_PER_TASK" --name "slurm-$SLURM_JOB_ID-${SLURM_ARRAY_TASK_ID:-0}" \
    --nats-ca "$certs/ca.pem" --nats-cert "$certs/worker.pem" --nats-key "$certs/worker-key.pem" --nats-nkey "$certs/worker.nk"
