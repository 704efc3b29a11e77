//! Several pages at a time.

use fantoccini::wd::WindowHandle;

use crate::{Browser, Failure};

impl Browser {
    /// Opens another tab and looks at it; the one before stays as it is.
    pub async fn open_tab(&self) -> Result<WindowHandle, Failure> {
        let tab = self.client.new_window(true).await?.handle;
        self.look_at(&tab).await?;
        Ok(tab)
    }

    /// The tab that is looked at.
    pub async fn tab(&self) -> Result<WindowHandle, Failure> {
        Ok(self.client.window().await?)
    }

    /// Looks at this tab.
    pub async fn look_at(&self, tab: &WindowHandle) -> Result<(), Failure> {
        Ok(self.client.switch_to_window(tab.clone()).await?)
    }
}
