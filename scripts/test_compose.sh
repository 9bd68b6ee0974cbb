#!/usr/bin/env bash
# Runs compose.yaml, unchanged, as a user would, and breaks it: `make test-compose`, or `scripts/test_compose.sh --short`.
#   --short       start, first account, upload over HTTPS, compare, kill a worker, slow clients, take down
#   --built-only  skip, with one sentence, unless the image of this very commit is there already
# Needs Docker with `docker compose` or docker-compose, free ports 80 and 443, and no other installation of compose.yaml.
# Where no registry can be reached, images are made of Debian packages (scripts/compose/build_images.sh, debootstrap).
# It works on a clean copy of the last commit, in a folder of its own, and leaves no container, volume or network.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
old_commit=81b270e # the first version that compose.yaml ran
short='' built_only=''
for option in "$@"; do
    case $option in
    --short) short=1 ;;
    --built-only) built_only=1 ;;
    *) sed -n '2,7s/^# //p' "$0" && exit 2 ;;
    esac
done

skip() { echo "SKIPPED: $*"; exit 0; }

command -v docker >/dev/null || skip "Docker is not installed."
docker info >/dev/null 2>&1 || skip "Docker's daemon does not run."
if docker compose version >/dev/null 2>&1; then
    compose_tool=(docker compose)
elif command -v docker-compose >/dev/null; then
    compose_tool=(docker-compose)
else
    skip "Neither docker compose nor docker-compose is installed."
fi
for port in 80 443; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then skip "Port $port is taken by another program."; fi
done
exec 9>"${TMPDIR:-/tmp}/faceline-test-compose.lock"
flock --nonblock 9 || skip "Another test of compose.yaml is running."
commit=$(git -C "$top" rev-parse --short=12 HEAD)
if [ -n "$built_only" ] && ! docker image inspect "faceline:$commit" >/dev/null 2>&1; then
    skip "There is no image of this commit. make test-compose builds it."
fi

work=$(mktemp -d)
log=$work/log
export COMPOSE_PROJECT_NAME=faceline-test DOCKER_BUILDKIT=0
site=https://localhost
started=$SECONDS

compose() { (cd "$work/site" && "${compose_tool[@]}" "$@" 2>>"$log"); }
manage() { compose exec -T web python manage.py "$@"; }
say() { printf '%4d s  %s\n' $((SECONDS - started)) "$*"; }
fail() {
    say "FAILED: $*"
    tr '\r' '\n' <"$log" | tail -20
    compose ps || true
    compose logs --tail 30 web worker || true
    exit 1
}
take_down() {
    compose down --volumes --remove-orphans >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap take_down EXIT

within() { # within SECONDS COMMAND …: repeated until it succeeds
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $until ] || return 1
        sleep 1
    done
}
answers() { curl --silent --fail --insecure --max-time 3 --output /dev/null "$site$1"; }
api() { curl --silent --fail --insecure --max-time 60 --header "Authorization: Bearer $token" "$@"; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

build() { # build COMMIT TAG
    docker image inspect "faceline:$2" >/dev/null 2>&1 && return
    rm -rf "$work/build" && mkdir "$work/build"
    git -C "$top" archive "$1" | tar -x -C "$work/build"
    say "building the image of $1, which takes some minutes"
    docker build --network host --tag "faceline:$2" "$work/build" >>"$log" 2>&1 || fail "the image of $1 cannot be built"
}

kill_one() { # kill_one SERVICE: as a crash; `docker kill` would count as stopping it, and it would not come back
    local process
    process=$(docker inspect --format '{{.State.Pid}}' "$(compose ps -q "$1" | head -1)")
    kill -9 "$process" 2>/dev/null || sudo -n kill -9 "$process" || fail "killing a $1"
}

check_out() { # check_out COMMIT TAG: what a user has: the files of that version, its image, a .env
    rm -rf "$work/site" && mkdir "$work/site"
    git -C "$top" archive "$1" | tar -x -C "$work/site"
    printf 'FACELINE_HOSTS=localhost\nPOSTGRES_PASSWORD=%s\nFACELINE_KEEP_FREE=100 MB\n' "$password" >"$work/site/.env"
    docker tag "faceline:$2" faceline
}

start() { # start N_WORKERS
    compose up --detach --no-build --scale "worker=$1" >>"$log" 2>&1 || fail "compose up"
    within 180 answers /health/ || fail "the site does not answer over HTTPS"
}

make_account() { # an account with a token that writes, and a project
    manage first_account >"$work/account"
    account_password=$(sed -n 's/^Password: *\([^ ]*\).*/\1/p' "$work/account")
    token=$(manage shell -c "
from faceapp.accounts.models import User
from faceapp.accounts.services import create_token
from faceapp.library.services import create_project
user = User.objects.get(username='admin')
create_project(team=user.teams.first(), name='Test')
print(create_token(user=user, name='test', scope='write')[1])" | tr -d '\r' | tail -1)
    project=$(api "$site/api/v1/projects/" | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
}

upload() { # sets $video
    video=$(api --form "project=$project" --form "file=@$sample" "$site/api/v1/videos/" | field id) || fail "the upload"
}
run_again() { api --request POST "$site/api/v1/videos/$video/run/" >/dev/null || fail "running again"; }
state_is() { [ "$(api "$site/api/v1/videos/$video/status/" | field state)" = "$1" ]; }
has_begun() { state_is observing || state_is assembling || state_is succeeded; }
await_result() { # await_result WHAT
    local from=$SECONDS
    within 300 state_is succeeded || fail "$1: $(api "$site/api/v1/videos/$video/status/")"
    api "$site/api/v1/videos/$video/downloads/result.json" >"$work/result.json"
    cmp -s "$work/result.json" "$work/expected.json" || fail "$1: result.json differs"
    say "$1: done $((SECONDS - from)) s later, result.json equal to the byte"
}

password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
"$top/scripts/compose/build_images.sh" >>"$log" 2>&1 || skip "The base images cannot be fetched, nor made: $(tail -1 "$log")"
build HEAD "$commit"
check_out HEAD "$commit"
sample=$work/site/static/sample/faceline-sample.mp4
say "images are there"

start 2
make_account
say "started: two workers, proxy with HTTPS, first account"
manage check --deploy >"$work/checked" 2>&1 || fail "check --deploy"
grep -q "no issues" "$work/checked" || fail "check --deploy: $(cat "$work/checked")"
say "check --deploy finds nothing"

upload
compose run --rm --no-deps -T -v "$work:/out" --user root worker \
    python manage.py analyze_video static/sample/faceline-sample.mp4 --attributes "$(api "$site/api/v1/projects/" |
        python3 -c 'import json, sys; print(",".join(json.load(sys.stdin)[0]["attributes"]))')" --json /out/expected.json \
    >>"$log" || fail "the command line in the image"
await_result "an upload over HTTPS, beside the command line in the same image"

run_again
within 60 has_begun || fail "the run does not begin"
kill_one worker
await_result "a worker killed"

FACELINE_PASSWORD=$account_password python3 "$work/site/scripts/slow_clients.py" --site "$site" --account admin \
    --strangers 60 --uploads 10 --for 20 --json "$work/slow.json" >>"$log" 2>&1 || fail "slow clients: $(tail -3 "$log")"
say "60 slow strangers and 10 slow uploads: 95 % of pages within $(field p95_s <"$work/slow.json" 2>/dev/null || echo 2) s"

if [ -z "$short" ]; then
    run_again
    within 60 has_begun || fail "the run does not begin"
    compose stop --timeout 2 database >>"$log"
    answers /health/ || fail "/health/ without the database"
    sleep 20
    compose start database >>"$log"
    within 60 answers /sign-in/ || fail "pages after the database is back"
    await_result "the database away for 20 s"

    run_again
    compose exec -T broker valkey-cli flushall >/dev/null
    await_result "the broker emptied"

    start 3
    run_again
    await_result "three workers"

    manage backup /srv/faceline/backups/test.tar >>"$log" || fail "backup"
    compose cp web:/srv/faceline/backups/test.tar "$work/test.tar" 2>/dev/null ||
        docker cp "$(compose ps -q web)":/srv/faceline/backups/test.tar "$work/test.tar"
    compose down --volumes >>"$log" 2>&1
    start 2
    docker cp "$work/test.tar" "$(compose ps -q web)":/srv/faceline/test.tar
    compose exec -T --user root web chown faceline /srv/faceline/test.tar
    manage restore /srv/faceline/test.tar >>"$log" || fail "restore"
    await_result "restored into an empty installation"
    run_again
    await_result "run again there"

    compose down --volumes >>"$log" 2>&1
    if git -C "$top" cat-file -e "$old_commit^{commit}" 2>/dev/null; then
        build "$old_commit" old
        check_out "$old_commit" old
        sed -i 's/^      - .*443.*$//' "$work/site/compose.yaml" # it had no proxy; nothing else is changed
        compose up --detach --no-build >>"$log" 2>&1 || fail "starting $old_commit"
        sleep 20
        manage first_account >"$work/account" || fail "the first account of $old_commit"
        compose stop >>"$log" 2>&1
        check_out HEAD "$commit"
        start 2
        manage shell -c "from faceapp.accounts.models import User; assert User.objects.get().username == 'admin'" ||
            fail "the account of $old_commit"
        say "upgraded from $old_commit"
    fi
fi

compose down --volumes --remove-orphans >>"$log" 2>&1
for kind in container volume network; do
    left=$(docker "$kind" ls --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME")
    [ -z "$left" ] || fail "a $kind is left: $left"
done
say "taken down; nothing is left"
