// One feature of C++ in a filter: a function that uses it, and what comes of it.
//
// The first line of each file in features/ says what is tried, as the page "Which C++ a filter may use" shows it. A
// module holds one feature, or all of them (all.cc); its configuration names the one to try.
#pragma once

#include <sluice/sluice.h>

#include <string>
#include <string_view>

struct Feature {
  std::string_view name;
  std::string (*run)();
  const Feature* next;
};

/// The features of this module, linked as they register.
inline const Feature* features = nullptr;

struct RegisterFeature {
  explicit RegisterFeature(Feature& feature) {
    feature.next = features;
    features = &feature;
  }
};

/// The filter around the features: tries the one that its configuration names.
class TryFeature : public sluice::RootContext {
 public:
  bool onConfigure(size_t /*size*/) override {
    const auto wanted = configuration();
    if (!wanted) return false;
    for (const auto* feature = features; feature != nullptr; feature = feature->next) {
      if (feature->name != *wanted) continue;
      sluice::logInfo("result: ", feature->run());
      return true;
    }
    sluice::logError("there is no feature ", *wanted);
    return false;
  }
};

static sluice::Register<TryFeature> registration;

/// Begins the function of the feature `name`, which returns `expected` in every build.
#define FEATURE(name, expected)                                     \
  static std::string run_##name();                                  \
  static Feature feature_##name{#name, run_##name, nullptr};        \
  static const RegisterFeature registration_##name(feature_##name); \
  static std::string run_##name()

/// The same for a function that does not return: the filter stops, and its last log line contains `line`, or one of
/// several with `|` in between.
#define FEATURE_ENDS(name, line) FEATURE(name, line)
