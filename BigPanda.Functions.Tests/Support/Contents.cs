using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The content of an alert after one delivery.</summary>
internal static class Contents
{
    public static AlertContent Of(Incident incident, string? titleTemplate = null) =>
        AlertContent.Unknown.With(incident, new SourceTraits("main", titleTemplate, IsOneTime: false, default), default);

    public static string TitleOf(Incident incident, string? titleTemplate = null) => Of(incident, titleTemplate).Title;
}
