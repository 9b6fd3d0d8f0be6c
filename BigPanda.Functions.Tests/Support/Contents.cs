using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The content of an alert after one delivery.</summary>
internal static class Contents
{
    public static AlertContent Of(Incident incident, string? titleTemplate = null) =>
        AlertContent.Unknown.With(new IncidentReported(incident, "main", Deliveries.Start, 0, "message") { TitleTemplate = titleTemplate }, default, default);

    public static string TitleOf(Incident incident, string? titleTemplate = null) => Of(incident, titleTemplate).Title;
}
