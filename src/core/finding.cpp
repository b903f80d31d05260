#include "core/finding.h"

namespace stanch {

std::string_view to_string(Confidence confidence) {
    switch (confidence) {
    case Confidence::low:
        return "low";
    case Confidence::medium:
        return "medium";
    case Confidence::high:
        return "high";
    }
    return "low";
}

} // namespace stanch
