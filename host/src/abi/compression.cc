#include "abi/compression.h"

#include <zlib.h>

#include <algorithm>

namespace sluice::host {
namespace {

const Bytef* bytesOf(std::string_view text) { return reinterpret_cast<const Bytef*>(text.data()); }
Bytef* bytesOf(std::string& text) { return reinterpret_cast<Bytef*>(text.data()); }

}  // namespace

Status compressBytes(std::string_view bytes, std::string* result) {
  uLongf size = compressBound(bytes.size());
  result->resize(size);
  if (compress(bytesOf(*result), &size, bytesOf(bytes), bytes.size()) != Z_OK) return Status::SerializationFailure;
  result->resize(size);
  return Status::Ok;
}

Status uncompressBytes(std::string_view bytes, uint64_t limit, std::string* result) {
  // The size of the result is not known: a buffer that is too small is doubled.
  for (uint64_t room = bytes.size() * 2 + 2;; room = std::min(room * 2, limit)) {
    uLongf size = std::min(room, limit);
    result->resize(size);
    const int answer = uncompress(bytesOf(*result), &size, bytesOf(bytes), bytes.size());
    if (answer == Z_OK) {
      result->resize(size);
      return Status::Ok;
    }
    result->clear();
    if (answer != Z_BUF_ERROR) return Status::SerializationFailure;
    if (room >= limit) return Status::InvalidMemoryAccess;
  }
}

}  // namespace sluice::host
