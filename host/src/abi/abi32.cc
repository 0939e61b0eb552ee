#include "abi/abi32.h"

namespace sluice::host {

std::string_view abiVersionName(int version) {
  switch (version) {
    case 10:
      return "0.1.0";
    case 20:
      return "0.2.0";
    case 21:
      return "0.2.1";
    default:
      return "unknown";
  }
}

}  // namespace sluice::host
