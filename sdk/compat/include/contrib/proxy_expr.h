// Expressions of the Common Expression Language, which the host parses and evaluates for a filter: the helpers of the
// existing C++ SDK, over the foreign functions expr_create, expr_evaluate and expr_delete, which Envoy has.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proxy_wasm_intrinsics.h"

namespace sluice_compat {

/// Calls the foreign function `name`; `result` has its bytes then.
inline WasmResult callExpressionFunction(std::string_view name, std::string_view arguments, WasmDataPtr* result) {
  char* data = nullptr;
  size_t size = 0;
  const auto status =
      proxy_call_foreign_function(name.data(), name.size(), arguments.data(), arguments.size(), &data, &size);
  *result = std::make_unique<WasmData>(data, size);
  return status;
}

/// The bytes of a token, as the functions take them.
inline std::string_view tokenBytes(const uint32_t& token) {
  return {reinterpret_cast<const char*>(&token), sizeof token};
}

}  // namespace sluice_compat

/// Makes an expression from its text and sets `token` to its number, by which the host knows it until exprDelete().
/// Returns BadArgument where the host cannot parse the text, and InternalFailure where its answer is no number; `token`
/// stays as it is then.
inline WasmResult createExpression(std::string_view expr, uint32_t* token) {
  WasmDataPtr answer;
  const auto result = sluice_compat::callExpressionFunction("expr_create", expr, &answer);
  if (result != WasmResult::Ok) return result;
  if (answer->size() != sizeof *token) return WasmResult::InternalFailure;
  std::memcpy(token, answer->data(), sizeof *token);
  return WasmResult::Ok;
}

/// Evaluates an expression for the stream of the effective context. Returns the value's bytes, or nothing where there
/// is no such expression or it cannot be evaluated.
inline std::optional<WasmDataPtr> exprEvaluate(uint32_t token) {
  WasmDataPtr value;
  const auto result = sluice_compat::callExpressionFunction("expr_evaluate", sluice_compat::tokenBytes(token), &value);
  if (result != WasmResult::Ok) return std::nullopt;
  return value;
}

/// Deletes an expression.
inline WasmResult exprDelete(uint32_t token) {
  WasmDataPtr nothing;
  return sluice_compat::callExpressionFunction("expr_delete", sluice_compat::tokenBytes(token), &nothing);
}

/// Evaluates an expression whose value is a T, such as bool, int64_t or double, into `out`. Returns false where there
/// is no value, or one of another size.
template <typename T>
inline bool evaluateExpression(uint32_t token, T* out) {
  const auto value = exprEvaluate(token);
  if (!value || (*value)->size() != sizeof(T)) return false;
  std::memcpy(out, (*value)->data(), sizeof(T));
  return true;
}

/// The same for an expression whose value is text.
template <>
inline bool evaluateExpression<std::string>(uint32_t token, std::string* out) {
  const auto value = exprEvaluate(token);
  if (!value) return false;
  *out = (*value)->view();
  return true;
}

/// The same for a protobuf message; a list or a map is one too (ListValue, Struct). An empty value, such as null,
/// leaves the message as it is.
template <typename T>
inline bool evaluateMessage(uint32_t token, T* value_ptr) {
  const auto value = exprEvaluate(token);
  if (!value) return false;
  return (*value)->size() == 0 || value_ptr->ParseFromArray((*value)->data(), static_cast<int>((*value)->size()));
}
