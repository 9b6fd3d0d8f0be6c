using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Simulator;

/// <summary>
/// A call of the API. The path has no query, which may contain an access token; status 0 is a reset connection; the body is as sent,
/// written as JSON where it is JSON.
/// </summary>
internal sealed record RecordedRequest(
    DateTimeOffset At,
    string Method,
    string Path,
    int Status,
    [property: JsonConverter(typeof(JsonOrText))] string? Body);
