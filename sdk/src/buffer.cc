#include "sluice/buffer.h"

namespace sluice {

Status Buffer::drain(size_t size) const {
  if (size == 0) return Status::Ok;
  const auto status = set(0, size, {});
  if (status != Status::BadArgument) return status;
  const auto rest = get(size);
  if (!rest) return rest.status();
  return replace(*rest);
}

}  // namespace sluice
