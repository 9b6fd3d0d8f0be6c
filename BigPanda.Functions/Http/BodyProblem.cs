using BigPanda.Functions.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>The response to a body that is not JSON, with line and position, or is JSON but not what the route takes.</summary>
internal static class BodyProblem
{
    /// <param name="other">For a body that is JSON.</param>
    public static IResult ToProblem(this BodyError error, Problem other) => error.IsJson
        ? other.With(error.Detail, ("field", error.Field))
        : Problems.InvalidJson.With($"{error.Detail} Line {error.Line}, byte {error.Position}.", ("line", error.Line), ("position", error.Position));
}
