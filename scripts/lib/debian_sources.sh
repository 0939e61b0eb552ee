# Sourced by the scripts beside it: source packages of Debian, checked by apt as packages are. Its lists and downloads stay in
# a folder of their own, so that neither root nor a change of the system's package sources is needed.

# Points `debian_sources` to apt-get with the system's package sources, for their sources and in the folder $1.
prepare_debian_sources() {
  local folder=$1 list
  debian_folder=$folder
  mkdir -p "$folder"/{sources,lists/partial,cache/archives/partial}
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ ! -f $list ]] || sed -nE 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$list" >"$folder/sources/${list##*/}"
  done
  for list in /etc/apt/sources.list.d/*.sources; do
    [[ ! -f $list ]] || sed -E 's/^Types:.*/Types: deb-src/' "$list" >"$folder/sources/${list##*/}"
  done
  debian_sources=(apt-get -q -o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$folder/sources"
    -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o "APT::Sandbox::User=$(id -un)"
    -o Acquire::Retries=3)
  # A source of packages that has no sources of theirs is no reason to stop.
  "${debian_sources[@]}" update || true
}

# Downloads the source package $1 into the current folder.
download_debian_source() { "${debian_sources[@]}" source --download-only "$1"; }

# Unpacks to the folder $1 what the command $3… downloads into the current folder: an archive with the SHA-256 $2. Of a Debian
# package that is the one with the library's own files.
unpack_download() {
  local folder=$1 checksum=$2 temporary archive
  shift 2
  temporary=$(mktemp -d "$debian_folder/XXXXXX")
  (cd "$temporary" && "$@") || fail "${folder##*/} cannot be had here"
  archive=$(find "$temporary" -maxdepth 1 \( -name '*.orig.tar.*' -o -name '*.tgz' \) ! -name '*.asc')
  sha256sum --check --quiet <<<"$checksum  $archive" || fail "the sources that came are not those of ${folder##*/}"
  mkdir "$temporary/unpacked"
  tar -x -f "$archive" -C "$temporary/unpacked" --strip-components=1
  mv "$temporary/unpacked" "$folder"
}
