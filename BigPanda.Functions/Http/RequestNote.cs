using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>
/// Who makes a request and what it is about, as far as the function knows it: the audit trail shows that. This is the one place for the caller; who has signed
/// in to the console counts before a name that the request gives.
/// </summary>
internal sealed class RequestNote(HttpRequest request)
{
    /// <summary>A function key says that the caller may, not who it is.</summary>
    private const string Unnamed = "api";

    private const int MaxText = 200;

    private string? _named;

    /// <summary>The caller.</summary>
    public string Actor => SignedInPerson.Of(request)?.Identity ?? _named ?? Unnamed;

    /// <summary>What was changed, where the path does not say it.</summary>
    public string? Target { get; private set; }

    /// <summary>A few words; never a secret or a body.</summary>
    public string? Detail { get; private set; }

    public static RequestNote Of(HttpRequest request)
    {
        var features = request.HttpContext.Features;
        if (features.Get<RequestNote>() is { } known) return known;
        var note = new RequestNote(request);
        features.Set(note);
        return note;
    }

    /// <summary>The caller's name in texts.</summary>
    public static string NameOf(string? actor) => string.IsNullOrWhiteSpace(actor) ? "an API caller" : actor.Trim();

    /// <returns>What is wrong with the name in a request; null for nothing.</returns>
    public static string? FindProblem(string? actor) => actor is { Length: > MaxText } || actor?.Any(char.IsControl) == true
        ? $"actor must have at most {MaxText} characters and no control characters."
        : null;

    /// <param name="actor">As the request names them; null or blank if it does not.</param>
    public RequestNote By(string? actor)
    {
        _named = Fit(actor);
        return this;
    }

    public RequestNote On(string target)
    {
        Target = Fit(target);
        return this;
    }

    public RequestNote With(string detail)
    {
        Detail = Fit(detail);
        return this;
    }

    /// <returns>The names of the members that a body has, without their values.</returns>
    public static string NamesOf(params IEnumerable<(string Name, JsonElement Value)> members) =>
        string.Join(", ", members.Where(member => member.Value.ValueKind != JsonValueKind.Undefined).Select(member => member.Name));

    /// <returns>One line of at most 200 characters; null for nothing.</returns>
    public static string? Fit(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var line = string.Concat(text.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= MaxText ? line : $"{line[..(MaxText - 1)]}…";
    }
}
