// Language: virtual functions, inheritance
#include <memory>
#include <string>

#include "../feature.h"

FEATURE(virtual, "square") {
  struct Shape {
    virtual ~Shape() = default;
    virtual std::string name() const = 0;
  };
  struct Square final : Shape {
    std::string name() const override { return "square"; }
  };
  const std::unique_ptr<Shape> shape = std::make_unique<Square>();
  return shape->name();
}
