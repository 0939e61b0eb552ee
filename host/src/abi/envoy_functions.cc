#include "abi/envoy_functions.h"

#include "abi/compression.h"
#include "abi/context.h"
#include "abi/protobuf_reader.h"
#include "abi/signatures.h"
#include "abi/stream_attributes.h"
#include "sluice/host/error.h"

namespace sluice::host {
namespace {

Status clearRouteCache(Context&, std::string_view, std::string*) { return Status::Ok; }

/// DeclarePropertyArguments declares a property for later writes with set_property. Only the fields `name` (1) and
/// `readonly` (2) matter here, because filters do not see the property's type.
Status declareProperty(Context& context, std::string_view arguments, std::string*) {
  std::string name;
  bool readOnly = false;
  ProtobufReader reader(arguments);
  while (auto field = reader.next()) {
    if (field->number == 1 && field->bytes) name = *field->bytes;
    if (field->number == 2 && !field->bytes) readOnly = field->value != 0;
  }
  if (!reader.valid()) return Status::BadArgument;
  const bool isNew = context.declaredProperties.try_emplace(name, readOnly).second;
  return isNew ? Status::Ok : Status::BadArgument;
}

/// SetEnvoyFilterStateArguments has the fields `path` (1) and `value` (2). Envoy accepts a fixed set of paths; this
/// function accepts every path that begins with "envoy.".
Status setFilterState(Context& context, std::string_view arguments, std::string*) {
  std::string path;
  std::string value;
  ProtobufReader reader(arguments);
  while (auto field = reader.next()) {
    if (field->number == 1 && field->bytes) path = *field->bytes;
    if (field->number == 2 && field->bytes) value = *field->bytes;
  }
  if (!reader.valid()) return Status::BadArgument;
  if (!path.starts_with("envoy.") || context.attributes() == nullptr) return Status::NotFound;
  context.attributes()->filterState[path] = value;
  return Status::Ok;
}

Status compress(Context&, std::string_view arguments, std::string* result) { return compressBytes(arguments, result); }

Status uncompress(Context& context, std::string_view arguments, std::string* result) {
  constexpr uint64_t kPage = 65536;
  return uncompressBytes(arguments, context.instance().options().limits.memoryPages * kPage, result);
}

Status signText(Context&, std::string_view arguments, std::string* result) { return sign(arguments, result); }

Status verifyText(Context&, std::string_view arguments, std::string* result) {
  return verifySignature(arguments, result);
}

struct EnvoyFunction {
  std::string_view name;
  Status (*call)(Context& context, std::string_view arguments, std::string* result);
};

constexpr EnvoyFunction kFunctions[] = {
    {"clear_route_cache", clearRouteCache},     {"compress", compress}, {"declare_property", declareProperty},
    {"set_envoy_filter_state", setFilterState}, {"sign", signText},     {"uncompress", uncompress},
    {"verify_signature", verifyText},
};

}  // namespace

Status callEnvoyFunction(Context& context, std::string_view name, std::string_view arguments, std::string* result) {
  for (const EnvoyFunction& function : kFunctions) {
    if (function.name == name) return function.call(context, arguments, result);
  }
  if (name == "expr_create" || name == "expr_evaluate" || name == "expr_delete") {
    throw Error(ErrorKind::Unsupported,
                "the filter calls the foreign function " + std::string(name) +
                    ": Envoy evaluates CEL expressions, the mock host does not. Register a function of this name with "
                    "Host::registerForeignFunction, or play the filter on a real Envoy.");
  }
  return Status::NotFound;
}

}  // namespace sluice::host
