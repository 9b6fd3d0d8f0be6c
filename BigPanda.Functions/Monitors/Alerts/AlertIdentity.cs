using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>
/// Makes an incident_identifier of what stays the same from an alert's first event to its last. It is a hash because BigPanda cuts long texts, and
/// two alerts must not become one.
/// </summary>
internal static class AlertIdentity
{
    private const int HashBytes = 16;

    /// <summary>Groups and texts enter with their lengths, so that different parts never give the same input.</summary>
    public static string Of(string kind, params IEnumerable<IEnumerable<string>> groups)
    {
        var whole = new StringBuilder();
        foreach (var group in groups)
        {
            foreach (var text in group) whole.Append(text.Length).Append(':').Append(text);
            whole.Append(';');
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(whole.ToString()));
        return $"{kind}:{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }
}
