#!/usr/bin/env bash
# wasi_sdk_prefix.sh CLANG DIR
#
# Lays the distribution's clang and wasi-libc out in DIR as a release of wasi-sdk is: bin/clang, lib/clang/<version>,
# share/wasi-sysroot with the target wasm32-wasip1, share/cmake/wasi-sdk.cmake.
set -euo pipefail
clang=$1 prefix=$2

llvm=$(dirname "$(dirname "$(readlink -f "$clang")")")
version=$("$clang" -dumpversion)
version=${version%%.*}
resources=$("$clang" -print-resource-dir)

rm -rf "$prefix"
mkdir -p "$prefix"/{bin,lib,share/cmake}
# The driver finds all else from where it stands itself: so it is a copy. Its libraries are beside it, in ../lib.
cp -L "$llvm/bin/clang" "$prefix/bin/clang"
ln -s clang "$prefix/bin/clang++"
for tool in wasm-ld llvm-ar llvm-ranlib llvm-strip; do
  [[ ! -e $llvm/bin/$tool ]] || ln -s "$llvm/bin/$tool" "$prefix/bin/$tool"
done
for library in "$llvm"/lib/libclang-cpp.so*; do
  ln -s "$library" "$prefix/lib/"
done

mkdir -p "$prefix/lib/clang/$version/lib/wasm32-unknown-wasip1"
ln -s "$resources/include" "$prefix/lib/clang/$version/include"
ln -s "$resources/lib/wasi/libclang_rt.builtins-wasm32.a" \
  "$prefix/lib/clang/$version/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a"

sysroot=$prefix/share/wasi-sysroot
mkdir -p "$sysroot"/{include,lib}/wasm32-wasip1
ln -s /usr/include/wasm32-wasi/* "$sysroot/include/wasm32-wasip1/"
[[ -e $sysroot/include/wasm32-wasip1/c++ ]] || ln -s "$llvm/include/wasm32-wasi/c++" "$sysroot/include/wasm32-wasip1/c++"
ln -s /usr/lib/wasm32-wasi/* "$sysroot/lib/wasm32-wasip1/"
for library in libc++.a libc++abi.a libc++experimental.a; do
  [[ ! -e $llvm/lib/wasm32-wasi/$library ]] || ln -sf "$llvm/lib/wasm32-wasi/$library" "$sysroot/lib/wasm32-wasip1/"
done

cat >"$prefix/share/cmake/wasi-sdk.cmake" <<'CMAKE'
cmake_path(SET prefix NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/../..)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
foreach(language IN ITEMS C CXX)
  set(CMAKE_${language}_COMPILER_TARGET wasm32-wasip1)
endforeach()
set(CMAKE_C_COMPILER ${prefix}/bin/clang)
set(CMAKE_CXX_COMPILER ${prefix}/bin/clang++)
set(CMAKE_AR ${prefix}/bin/llvm-ar)
set(CMAKE_RANLIB ${prefix}/bin/llvm-ranlib)
set(CMAKE_SYSROOT ${prefix}/share/wasi-sysroot)
CMAKE
mkdir "$prefix/share/cmake/Platform"
echo 'set(WASI 1)' >"$prefix/share/cmake/Platform/WASI.cmake"
echo "$prefix: wasi-sdk with clang $version"
