using System.Globalization;

namespace BigPanda.Functions.Messaging.Payloads;

/// <summary>A stored body, and the partition of the day it was last stored or found in use.</summary>
internal sealed record PayloadAge(string Claim, string Partition)
{
    /// <summary>Sorts before every day's partition.</summary>
    public const string FirstPartition = "day-";

    private const int DayLength = 8;

    /// <summary>The claim of an earlier version: its day, a dash and a random id.</summary>
    public static PayloadAge OfEarlier(string claim) => new(claim, FirstPartition + claim[..Math.Min(DayLength, claim.Length)]);

    public static string PartitionOf(DateTimeOffset day) => FirstPartition + day.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
