using System.Net;
using System.Text;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>BigPanda has no idempotency key, and a comment is in BigPanda once all the same: in virtual time.</summary>
public sealed class CommentOnceTests
{
    private static readonly AlertAction Comment = new AddCommentAction("talk", "comment-1", "env-1", "hello").ToAction();

    /// <summary>The lock was lost while the first delivery waited for its turn: the second reads the activities before the first has made its call.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Two_deliveries_of_one_message_at_once_make_one_comment(int instances)
    {
        var bigPanda = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue, later) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue(), new ActionQueue());
            bigPanda.Answer = path => Activities(path, isThere: Posts(bigPanda) > 0);
            queue.Add(ActionMessages.Of(Comment), deliveries: 2);
            later.Add(ActionMessages.Of(Comment));
            var first = new AppInstance(world, tables, queue, bigPanda);
            var second = instances == 1 ? first : new AppInstance(world, tables, later, bigPanda);
            await Task.WhenAll(first.WorkAsync(queue), second.WorkAsync(later));
            await first.DisposeAsync();
            if (instances > 1) await second.DisposeAsync();
            Assert.Equal(2, queue.Completed + later.Completed);
            return bigPanda;
        });

        Assert.Equal(1, Posts(bigPanda));
    }

    /// <summary>BigPanda does what it was asked for after its caller has given up, and after the retry's usual delay.</summary>
    [Fact]
    public void A_comment_that_arrives_after_its_caller_has_given_up_is_not_sent_again()
    {
        var (bigPanda, retry) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            bigPanda.Answer = path =>
            {
                if (Posts(bigPanda) == 1 && path.EndsWith("comments", StringComparison.Ordinal)) throw new TaskCanceledException("No response.");
                return Activities(path, isThere: world.Time.GetUtcNow() - bigPanda.Started > TimeSpan.FromSeconds(20));
            };
            queue.Add(ActionMessages.Of(Comment));
            var instance = new AppInstance(world, tables, queue, bigPanda);
            await instance.WorkAsync(queue);
            var retry = Assert.Single(queue.Sent, sent => sent.Queue == Queues.BigPandaActions).Message;
            // Delivered too early, as after a restored backup or by another clock.
            queue.Add(retry);
            await instance.WorkAsync(queue);
            await instance.DisposeAsync();
            return (bigPanda, retry.ScheduledEnqueueTime - bigPanda.Started);
        });

        Assert.Equal(1, Posts(bigPanda));
        Assert.InRange(retry, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    }

    private static int Posts(TakingBigPanda bigPanda) => bigPanda.Calls.Count(call => call.Path.EndsWith("comments", StringComparison.Ordinal));

    private static HttpResponseMessage? Activities(string path, bool isThere) => !path.EndsWith("activities", StringComparison.Ordinal)
        ? null
        : new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(isThere ? """[{"type":"incident_commented","params":{"comment":"hello"}}]""" : "[]", Encoding.UTF8, "application/json"),
        };
}
