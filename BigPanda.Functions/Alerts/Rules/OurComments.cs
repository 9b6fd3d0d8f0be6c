namespace BigPanda.Functions.Alerts.Rules;

/// <summary>How our comments read in a destination. BigPanda's echo of them is known by this text.</summary>
public static class OurComments
{
    public static string OnClose(string? actor, string? via, string? comment = null) =>
        $"Resolved by {actor} through the alert bridge ({via}){(string.IsNullOrWhiteSpace(comment) ? "." : $": {comment}")}";

    public static string OfPerson(string actor, string via, string text) => $"{actor} through the alert bridge ({via}): {text}";
}
