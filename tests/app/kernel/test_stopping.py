"""A process that is asked to stop tells who has to end something, and does what it did before."""

import asyncio
import os
import signal

from app.kernel.stopping import told_to_stop


class TestToldToStop:
    async def test_tells_in_the_loop_and_leaves_the_earlier_handler_its_part(self) -> None:
        told, seen = asyncio.Event(), []
        before = signal.signal(signal.SIGTERM, lambda number, _frame: seen.append(number))
        try:
            with told_to_stop(told.set):
                os.kill(os.getpid(), signal.SIGTERM)
                await asyncio.wait_for(told.wait(), 5)
            restored = signal.getsignal(signal.SIGTERM)
        finally:
            signal.signal(signal.SIGTERM, before)

        assert seen == [signal.SIGTERM]
        assert restored is not before

    async def test_outside_the_main_thread_it_stays_out_of_the_way(self) -> None:
        async def inside() -> None:
            with told_to_stop(lambda: None):
                pass

        await asyncio.to_thread(asyncio.run, inside())

        assert signal.getsignal(signal.SIGTERM) is not None
