// What the mock host is compiled with: of the SDK it has abi.h, and no other header.
#include "sluice/abi.h"
#include "sluice/host/host.h"

#if __has_include("sluice/sluice.h") || __has_include("sluice/internal/hostcalls.h")
#error "the mock host sees headers of the SDK besides abi.h"
#endif
