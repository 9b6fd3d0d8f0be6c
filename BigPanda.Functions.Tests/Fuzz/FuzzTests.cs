using BigPanda.Functions.Tests.Scenarios;
using BigPanda.Functions.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace BigPanda.Functions.Tests.Fuzz;

/// <summary>
/// Mutated samples through every way in: an answer that the route documents, no exception, and memory in proportion to the body. A failing case is printed, and
/// FsCheck prints the seed with which it is generated again.
/// </summary>
public sealed class FuzzTests
{
    private const int Cases = 1000;

    /// <summary>With those of <see cref="ApiFuzzTests"/> more than 200,000.</summary>
    private const int ManyCases = 30_000;

    /// <summary>What a case may allocate, the examination of what came of it included. Measured were 13 KB and up to 80 bytes for each byte.</summary>
    private const long AllocatedBase = 128 * 1024;

    private const int AllocatedPerByte = 200;

    public static TheoryData<string> Ways => [.. WayIn.Names];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_mutated_body_is_answered(string way) => Check(way, Cases);

    [LongTheory]
    [MemberData(nameof(Ways))]
    public void Thirty_thousand_mutated_bodies_are_answered(string way) => Check(way, ManyCases);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Bodies_that_break_naive_readers_are_answered(string name)
    {
        var way = WayIn.Of(name);
        foreach (var (what, body) in HostileBodies.All) Assert.True(Post(way, body), what);
    }

    private static void Check(string name, int cases)
    {
        var way = WayIn.Of(name);
        Dictionary<int, int> answers = [];

        Prop.ForAll(MutatedBodies.Of(way.Samples), body =>
        {
            var (status, allocated) = Measure(way, body.Bytes);
            answers[status] = answers.GetValueOrDefault(status) + 1;
            var most = AllocatedBase + AllocatedPerByte * body.Bytes.Length;
            // What a path compiles and caches when it is first taken counts for no case.
            return way.Statuses.Contains(status) && (allocated <= most || Measure(way, body.Bytes).Allocated <= most);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true));

        // Every answer was given: the mutations reach readers and refusals.
        Assert.All(way.Statuses, status => Assert.True(answers.GetValueOrDefault(status) > 0, $"{status}: {answers.GetValueOrDefault(status)}"));
    }

    private static (int Status, long Allocated) Measure(WayIn way, byte[] body)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var status = way.PostAsync(body).GetAwaiter().GetResult();
        return (status, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool Post(WayIn way, byte[] body) => way.Statuses.Contains(way.PostAsync(body).GetAwaiter().GetResult());
}
