using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

internal enum SignatureResult
{
    /// <summary>One signature is that of one of the secrets.</summary>
    Valid,

    /// <summary>No header, or none with a signature of the known version.</summary>
    Missing,

    /// <summary>No signature fits.</summary>
    Wrong,
}

/// <summary>
/// Checks PagerDuty's signatures of a webhook: HMAC-SHA256 over the body's bytes, keyed with the text of a subscription's secret. While a secret is
/// replaced there are several. Source: developer.pagerduty.com/docs/webhooks/webhook-signatures.
/// </summary>
internal static class PagerDutySignature
{
    public const string Header = "X-PagerDuty-Signature";

    /// <summary>Other versions are for other receivers.</summary>
    private const string Version = "v1=";

    /// <summary>PagerDuty sends one for each secret of the subscription.</summary>
    private const int MaxSignatures = 16;

    /// <summary>Whether it is worth reading the body.</summary>
    public static bool IsIn(string header) => Read(header).Count > 0;

    /// <summary>Takes the same time whichever signature and secret fit, or none.</summary>
    /// <param name="header">Several headers joined by commas.</param>
    public static SignatureResult Check(ReadOnlySpan<byte> body, string header, IEnumerable<string> secrets)
    {
        var signatures = Read(header);
        if (signatures.Count == 0) return SignatureResult.Missing;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var isValid = false;
        foreach (var secret in secrets)
        {
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, expected);
            foreach (var signature in signatures) isValid |= CryptographicOperations.FixedTimeEquals(signature, expected);
        }

        return isValid ? SignatureResult.Valid : SignatureResult.Wrong;
    }

    /// <summary>What is no signature is left out: a proxy or a later version may have added it.</summary>
    private static List<byte[]> Read(string header)
    {
        List<byte[]> signatures = [];
        foreach (var range in header.AsSpan().Split(','))
        {
            var part = header.AsSpan(range).Trim();
            if (!part.StartsWith(Version, StringComparison.Ordinal) || signatures.Count == MaxSignatures) continue;
            var signature = new byte[HMACSHA256.HashSizeInBytes];
            if (Convert.FromHexString(part[Version.Length..], signature, out var read, out var written) == OperationStatus.Done
                && written == signature.Length && read == 2 * written)
                signatures.Add(signature);
        }

        return signatures;
    }
}
