using System.Text.Json.Serialization;

namespace BigPanda.Functions.Audit.Api;

/// <param name="Continuation">Null on the last page.</param>
internal sealed record AuditPage(IReadOnlyList<AuditView> Items, string? Continuation);

/// <param name="Result">begun, ok, refused or failed.</param>
/// <param name="Code">Of the problem document, for refused and failed.</param>
internal sealed record AuditView(
    DateTime At, string Actor, string Action, string? Target, string? Detail, string Result, int? Status, string? Code, string Trace)
{
    public static AuditView Of(AuditEntry entry) => new(
        entry.At.UtcDateTime, entry.Actor, entry.Action, entry.Target, entry.Detail,
        entry.Result switch
        {
            AuditResult.Ok => "ok",
            AuditResult.Refused => "refused",
            AuditResult.Failed => "failed",
            _ => "begun",
        },
        entry.Status, entry.Code, entry.Trace);
}

[JsonSerializable(typeof(AuditPage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AuditViewJson : JsonSerializerContext;
