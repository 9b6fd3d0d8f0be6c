using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// Compares the pages with the alert: every episode is paged by the run's policy, once, and what is over is not. An episode that ends before its page is
/// opened needs none. A page may be opened again after a lost answer while PagerDuty cannot be asked, or directly behind a person's resolve: a second incident
/// is better than none. Pure; returns a sentence for each error.
/// </summary>
internal static class PageCheck
{
    /// <param name="unseenFor">From the question whether a page is resolved until the event that opens it arrives, at most.</param>
    public static IEnumerable<string> FindErrors(SeenAlert alert, IReadOnlyList<ShownPage> pages, TimeSpan unseenFor)
    {
        var open = pages.Where(page => page.IsOpen).ToList();
        if (alert.Fires && open.Count != 1) yield return $"fires and has {open.Count} open pages";
        if (!alert.Fires)
        {
            foreach (var page in open) yield return $"is {alert.Status} and its page {page.Key} is open";
        }

        foreach (var page in pages.GroupBy(page => page.Key).Where(page => page.Zip(page.Skip(1)).Any(two => !IsExcused(two.First, two.Second))))
            yield return $"its page {page.Key} was opened {page.Count()} times";
        var keys = pages.Select(page => page.Key).Distinct().Count();
        if (keys > alert.Episode) yield return $"has {keys} pages in {alert.Episode} episodes";
        if (alert.Fires && open is [var only] && only.IsAcknowledged != alert.Acknowledged)
            yield return $"has acknowledged as {alert.Acknowledged}, and its page in PagerDuty as {only.IsAcknowledged}";

        bool IsExcused(ShownPage first, ShownPage again) => again.IsOpenedUnseen || again.OpenedAt - first.ResolvedByPersonAt <= unseenFor;
    }
}
