#include "abi/value_kind.h"

#include <string_view>

namespace sluice::host {
namespace {

std::string_view kindName(ValueKind kind) {
  switch (kind) {
    case ValueKind::I32:
      return "i32";
    case ValueKind::I64:
      return "i64";
    case ValueKind::F32:
      return "f32";
    case ValueKind::F64:
      return "f64";
    case ValueKind::Other:
      break;
  }
  return "another type";
}

std::string list(const std::vector<ValueKind>& kinds) {
  std::string text;
  for (ValueKind kind : kinds) {
    if (!text.empty()) text += ", ";
    text += kindName(kind);
  }
  return text;
}

}  // namespace

std::string toString(const Signature& signature) {
  std::string results = signature.results.empty() ? "nothing" : list(signature.results);
  return "(" + list(signature.params) + ") -> " + results;
}

}  // namespace sluice::host
