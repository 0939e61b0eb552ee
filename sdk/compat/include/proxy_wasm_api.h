// The existing C++ SDK's classes and functions; each part has a header.
#pragma once

// Filters use these headers without including them.
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sluice/compat/buffer.h"
#include "sluice/compat/callout.h"
#include "sluice/compat/context.h"
#include "sluice/compat/data.h"
#include "sluice/compat/header_map.h"
#include "sluice/compat/log.h"
#include "sluice/compat/metric.h"
#include "sluice/compat/pairs.h"
#include "sluice/compat/property.h"
#include "sluice/compat/register.h"
#include "sluice/compat/shared.h"
#include "sluice/compat/stream.h"
